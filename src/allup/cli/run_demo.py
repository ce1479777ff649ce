"""A run of `demo`: `compare` and `check` against the lab, in one process."""

from typing import Final

from allup.cli.environment import Color, Environment
from allup.cli.output import OutputSettings, opened
from allup.cli.run_check import Prepared, check_entries
from allup.cli.run_compare import compare_entries
from allup.cli.stdout import written
from allup.lab.profiles import check_list, compare_list
from allup.lab.server import Lab, serving
from allup.lists.entry_stream import EntryStream
from allup.lists.line import LineDefaults
from allup.model.exit_code import ExitCode
from allup.model.settings import CheckSettings, CompareSettings
from allup.model.usage import UsageError
from allup.report.comparison_format import ComparisonFormat
from allup.report.format import ReportFormat
from allup.run.comparing import read_all
from allup.run.loop import run_loop

_COMPARE: Final = """\
allup compare: {count} URLs on loopback, each with a stated latency, checked in four ways.

"""
_CHECK: Final = """
allup check: {count} more URLs, to show what can go wrong and how it is told.

"""
_END: Final = """
Next: allup check https://example.org   or a list of yours: allup check urls.txt
"""
_ENDED: Final = frozenset({ExitCode.INTERRUPTED, ExitCode.TERMINATED, ExitCode.USAGE})


def run_demo(environment: Environment, *, progress: bool, color: Color) -> ExitCode:
    """Run the demo and return the exit code."""
    try:
        return run_loop(_demo(environment, progress=progress, color=color))
    except UsageError as error:
        environment.complain(str(error))
        return ExitCode.USAGE


async def _demo(environment: Environment, *, progress: bool, color: Color) -> ExitCode:
    async with serving() as lab:
        for part in (_compare, _check):
            code = await part(environment, lab, progress=progress, color=color)
            if code in _ENDED:
                return code
        await _say(environment, _END)
    return ExitCode.OK


async def _compare(environment: Environment, lab: Lab, *, progress: bool, color: Color) -> ExitCode:
    entries = await read_all(EntryStream(compare_list(lab), LineDefaults()))
    if not await _say(environment, _COMPARE.format(count=len(entries))):
        return ExitCode.OK
    return await compare_entries(
        environment, entries, CompareSettings(), format_=ComparisonFormat.TABLE, progress=progress, color=color
    )


async def _check(environment: Environment, lab: Lab, *, progress: bool, color: Color) -> ExitCode:
    lines = check_list(lab)
    if not await _say(environment, _CHECK.format(count=len(lines))):
        return ExitCode.OK
    output = OutputSettings(
        format=ReportFormat.TABLE, reports=(), only=frozenset(), quiet=False, progress=progress, color=color
    )
    with opened(output, environment) as outputs:
        entries = EntryStream(lines, LineDefaults())
        return await check_entries(
            environment, entries, CheckSettings(), Prepared(outputs=outputs), total=lambda: len(lines)
        )


async def _say(environment: Environment, text: str) -> bool:
    return await written(environment, lambda stdout: stdout.write(text))
