"""A run of `list`: the sources in, their targets out, nothing sent."""

import asyncio
from collections.abc import Iterator, Sequence

from allup.cli.environment import Environment
from allup.cli.shortfall import idleness, shortfalls
from allup.cli.signals import interruptible
from allup.cli.sources import chosen_sources
from allup.lists.fetching import Fetch
from allup.lists.formats.format import InputFormat
from allup.lists.line import LineDefaults
from allup.lists.source import RemoteSource, Source, UrlSource
from allup.lists.stream import TargetStream
from allup.model.clock import Clock
from allup.model.exit_code import ExitCode, exit_code
from allup.model.selection import SelectionSettings
from allup.model.settings import HttpSettings
from allup.model.target import Entry, InvalidTarget
from allup.model.usage import UsageError
from allup.report.listing_format import ListingFormat
from allup.report.listing_handler import ListingReport
from allup.report.output import OutputError
from allup.report.printable import printable
from allup.report.stdout import PipeWriter
from allup.run.loop import run_loop


def run_list(
    environment: Environment,
    *,
    arguments: Sequence[str] | None,
    input_format: InputFormat | None,
    defaults: LineDefaults,
    selection: SelectionSettings,
    http: HttpSettings,
    format_: ListingFormat,
) -> ExitCode:
    """Write what would be checked and return the exit code; what cannot be read is explained on stderr."""
    try:
        sources = chosen_sources(arguments, input_format, environment)
        fetch = _fetcher(http, defaults) if any(map(_may_need_fetching, sources)) else None
        stream = TargetStream(sources, defaults, selection, fetch=fetch)
        return run_loop(_Listing(environment, format_).run(stream, selection))
    except UsageError as error:
        environment.complain(str(error))
        return ExitCode.USAGE


def _may_need_fetching(source: Source) -> bool:
    match source:
        case UrlSource():
            return False
        case RemoteSource():
            return True
        case _:
            return source.format is InputFormat.SITEMAP


def _fetcher(http: HttpSettings, defaults: LineDefaults) -> Fetch:
    from allup.http.fetching import ListFetcher  # noqa: PLC0415 - aiohttp is for lists that are elsewhere

    return ListFetcher(http, defaults.request, Clock())


class _Listing:
    def __init__(self, environment: Environment, format_: ListingFormat) -> None:
        self._environment = environment
        self._stdout = PipeWriter(environment.stdout_fd, encoding=environment.stdout_encoding)
        self._report: ListingReport = format_.report(self._stdout)
        self._targets = 0
        self._unreadable = 0

    async def run(self, stream: TargetStream, selection: SelectionSettings) -> ExitCode:
        with interruptible() as interruption:
            async with stream:
                try:
                    await self._write(stream)
                except BrokenPipeError:
                    return self._code  # whoever read it has seen enough
                except OSError as error:
                    raise OutputError(f"cannot write standard output: {error.strerror}") from error
        if interruption.stop is not None:
            return exit_code({}, interruption.stop)
        problems = list(shortfalls(stream, self._targets, selection))
        idle = None if self._targets or self._unreadable else idleness(stream.share)
        for message in [*problems, *([idle] if idle else []), *_left_out(stream)]:
            self._environment.complain(message)
        return ExitCode.USAGE if problems else self._code

    @property
    def _code(self) -> ExitCode:
        return ExitCode.FAILED if self._unreadable else ExitCode.OK

    async def _write(self, stream: TargetStream) -> None:
        started = False
        while (batch := await stream.next_batch()) is not None:
            for entry in batch:
                if not started:  # a list without a target leaves nothing that looks like one
                    self._report.start()
                    started = True
                self._add(entry)
            self._stdout.flush()
            await self._stdout.drain()
            await asyncio.sleep(0)  # a file is read without waiting, and a signal wants to be heard
        if started:
            self._report.finish()
        await self._stdout.aclose()

    def _add(self, entry: Entry) -> None:
        self._report.add(entry)
        if isinstance(entry, InvalidTarget):
            self._unreadable += 1
            self._environment.complain(printable(_explained(entry)))
        else:
            self._targets += 1


def _explained(entry: InvalidTarget) -> str:
    place = "" if entry.origin.line is not None else f"{entry.text}: "
    return f"{place}{entry.diagnosis}{'' if entry.hint is None else f'; {entry.hint}'}"


def _left_out(stream: TargetStream) -> Iterator[str]:
    if stream.excluded:
        yield f"{stream.excluded} left out by --include and --exclude"
    if stream.repeats:
        yield f"{stream.repeats} left out that had come before"
