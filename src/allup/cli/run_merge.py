"""A run of `merge`: reports of shards in, one of the whole list out."""

import asyncio
from collections import Counter
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from typing import Final

from allup.cli.environment import Environment
from allup.cli.output import STDOUT, Outputs, OutputSettings, opened
from allup.cli.signals import interruptible
from allup.model.exit_code import ExitCode, exit_code
from allup.model.settings import FailOn
from allup.model.standing import Standing
from allup.model.usage import UsageError
from allup.report.format import ReportFormat
from allup.report.shards.merging import Merging
from allup.report.shards.opening import form_of, opened_shards
from allup.report.stdout import PipeWriter
from allup.run.loop import run_loop

_AT_ONCE: Final = 256
"""Results that are written before signals get their turn."""


def run_merge(environment: Environment, paths: Sequence[Path], *, fail_on: FailOn, output: OutputSettings) -> ExitCode:
    """Put the reports at `paths` together and return the exit code; usage errors are told on stderr."""
    try:
        forms = [form_of(path) for path in paths]
        output = replace(output, format=output.format or forms[0])
        junit = ReportFormat.JUNIT in forms
        if junit:
            _check_junit(forms, output)
        with opened(output, environment) as outputs:
            if junit:
                return run_loop(_write_cases(environment, outputs, paths, fail_on, output))
            merging = Merging(opened_shards(paths, forms, fail_on), fail_on)
            return run_loop(_write(environment, outputs, merging, output))
    except UsageError as error:
        environment.complain(str(error))
        return ExitCode.USAGE
    except OSError as error:
        environment.complain(f"cannot write a temporary file: {error.strerror or error}")
        return ExitCode.USAGE


def _check_junit(forms: Sequence[ReportFormat], output: OutputSettings) -> None:
    wanted = {output.format, *(report.format for report in output.reports), *forms}
    if wanted != {ReportFormat.JUNIT} or output.only:
        raise UsageError("junit reports come together as junit alone, and whole: all else takes json or jsonl ones")


async def _write_cases(
    environment: Environment, outputs: Outputs, paths: Sequence[Path], fail_on: FailOn, output: OutputSettings
) -> ExitCode:
    from allup.report.shards.junit_merging import JunitMerging  # noqa: PLC0415 - those who have JSON need no XML

    merging = JunitMerging(paths, fail_on)
    problems = outputs.written(merging.write)
    if not output.quiet:
        stdout = PipeWriter(environment.stdout_fd, encoding=environment.stdout_encoding)
        try:
            merging.write(stdout)
            await stdout.aclose()
        except BrokenPipeError:
            pass
        except OSError as error:
            problems.append(f"cannot write standard output: {error.strerror}")
    return _exit_code(environment, merging.standings, problems)


async def _write(environment: Environment, outputs: Outputs, merging: Merging, output: OutputSettings) -> ExitCode:
    stdout = PipeWriter(environment.stdout_fd, encoding=environment.stdout_encoding)
    reports = outputs.reports(stdout)
    with interruptible() as interruption:
        reports.start()
        for number, result in enumerate(merging, 1):
            reports.add(result)
            if number % _AT_ONCE == 0:
                with suppress(OSError):  # told by the next result
                    await stdout.drain()
                await asyncio.sleep(0)
            if reports.reader_gone and not output.reports:
                break
        reports.finish(merging.summary)
        problems = outputs.commit(reports)
        try:
            await stdout.aclose()
        except OSError as error:
            reports.give_up(STDOUT, error)
    if interruption.stop is not None:
        return exit_code({}, interruption.stop)
    return _exit_code(environment, merging.summary.tally.standings, [*problems, *reports.problems])


def _exit_code(environment: Environment, standings: Counter[Standing], problems: Sequence[str]) -> ExitCode:
    for problem in problems:
        environment.complain(problem)
    return ExitCode.USAGE if problems else exit_code(standings, None)
