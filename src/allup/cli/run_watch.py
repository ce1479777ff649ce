"""A run of `watch`: the list in, changes out, until it is stopped."""

from collections.abc import Sequence
from dataclasses import replace

from allup.cli.environment import Environment
from allup.cli.fitted import fitted
from allup.cli.shortfall import shortfalls
from allup.cli.signals import interruptible
from allup.cli.sources import chosen_sources
from allup.cli.watch_output import WatchOutput
from allup.cli.watch_post import WatchPost
from allup.http.fetching import ListFetcher
from allup.lists.formats.format import InputFormat
from allup.lists.line import LineDefaults
from allup.lists.source import Source
from allup.lists.stream import TargetStream
from allup.model.clock import Clock
from allup.model.exit_code import ExitCode, exit_code
from allup.model.target import Entry, Target
from allup.model.usage import UsageError
from allup.model.watch_settings import WatchSettings
from allup.run.loop import run_loop
from allup.run.watch_list import watch_list


def run_watch(
    environment: Environment,
    *,
    arguments: Sequence[str] | None,
    input_format: InputFormat | None,
    defaults: LineDefaults,
    settings: WatchSettings,
    output: WatchOutput,
) -> ExitCode:
    """Watch the sources that `arguments` name and return the exit code; to be stopped is how it ends well."""
    try:
        sources = chosen_sources(arguments, input_format, environment)
        concurrency, http = fitted(environment, settings.concurrency, settings.http)
        settings = replace(settings, concurrency=concurrency, http=http)
        if output.history is not None:
            from allup.report.history.database import prepare  # noqa: PLC0415 - SQLite is for those who keep one

            prepare(output.history)
        return run_loop(_watch(environment, sources, defaults, settings, output))
    except UsageError as error:
        environment.complain(str(error))
        return ExitCode.USAGE


async def _watch(
    environment: Environment,
    sources: Sequence[Source],
    defaults: LineDefaults,
    settings: WatchSettings,
    output: WatchOutput,
) -> ExitCode:
    entries: Sequence[Entry] = ()
    with interruptible() as interruption:
        entries = await _listed(sources, defaults, settings)
    if interruption.stop is not None:  # nothing was watched yet: that is no success
        return exit_code({}, interruption.stop)
    post = WatchPost(environment, settings, output)
    with interruptible():
        await post.watch(entries)
    return post.exit_code


async def _listed(sources: Sequence[Source], defaults: LineDefaults, settings: WatchSettings) -> Sequence[Entry]:
    fetch = ListFetcher(settings.http, defaults.request, Clock())
    async with TargetStream(sources, defaults, settings.selection, fetch=fetch) as stream:
        entries = await watch_list(stream)
        targets = sum(isinstance(entry, Target) for entry in entries)
        problems = list(shortfalls(stream, targets, settings.selection))
    if problems or not targets:
        problem = next(iter(problems), "there is no target that could be asked")
        raise UsageError(f"nothing to watch: {problem}")
    return entries
