"""The command: what is typed becomes a plan, and what is measured a table."""

import json
import signal
import sys
from collections import Counter
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from bench.comparing import Plan, compared, kept
from bench.origins.listening import raise_limit
from bench.origins.origins import Server
from bench.report import Comparison, as_markdown, as_table
from bench.tools.allup import Allup
from bench.tools.found import found
from bench.tools.tool import Tool
from bench.turns import NotDoneError
from bench.works import WORKS, Key

app = typer.Typer(add_completion=False)
_WIDTH_OF_A_FILE = 120


@app.command()
def main(
    works: Annotated[list[Key] | None, typer.Argument(help="Works to do; all if none is named.")] = None,
    *,
    rounds: Annotated[int, typer.Option("--rounds", "-n", min=1, help="Turns that every tool has.")] = 5,
    scale: Annotated[float, typer.Option(min=0, max=1, help="The share of the URLs to ask: 0.01 for a look.")] = 1.0,
    concurrency: Annotated[int, typer.Option("--concurrency", "-c", min=1, help="Requests in flight.")] = 100,
    tools: Annotated[str, typer.Option(help="Which tools, with commas between; else all that are installed.")] = "",
    allup_options: Annotated[
        list[str] | None, typer.Option(help="Measure allup with these options as well; may be repeated.")
    ] = None,
    allup: Annotated[
        list[Path] | None, typer.Option(help="Measure another checkout's allup as well; may be repeated.")
    ] = None,
    slowest_first: Annotated[
        bool,
        typer.Option(
            "--slowest-first", help="Measure allup in the order of completion as well, with a baseline and without."
        ),
    ] = False,
    base: Annotated[str, typer.Option(help="The tool that others are compared with; else bare, or the first.")] = "",
    server: Annotated[Server | None, typer.Option(help="What answers; nginx, where it is installed.")] = None,
    json_file: Annotated[
        typer.FileTextWrite | None, typer.Option("--json", lazy=False, help="Write every figure to this file.")
    ] = None,
    markdown: Annotated[bool, typer.Option(help="Print Markdown.")] = False,
    serve: Annotated[
        Path | None,
        typer.Option(help="Measure nothing, keep the origins of a work: its urls.txt and ca.pem go to this directory."),
    ] = None,
) -> None:
    """Measure allup and its like on loopback, in turns, and print what they took and the ratios with their spread."""
    chosen = [*_chosen(tools), *map(Allup.with_options, allup_options or []), *map(Allup.of, allup or [])]
    chosen += Allup.slowest_first() if slowest_first else []
    plan = Plan(
        works=[WORKS[key].scaled(scale) for key in works or Key],
        tools=chosen,
        base=_base(base, chosen),
        server=server or Server.best(),
        rounds=rounds,
        concurrency=concurrency,
    )
    raise_limit()
    for stop in (signal.SIGINT, signal.SIGTERM):  # so that the origins are stopped, too
        signal.signal(stop, signal.default_int_handler)
    if serve:
        _serve(plan, serve)
        return
    comparisons: list[Comparison] = []
    try:
        for comparison in compared(plan, Console(stderr=True)):
            comparisons.append(comparison)
            _print(comparison, markdown=markdown)
    except NotDoneError as error:
        sys.exit(str(error))
    finally:
        if json_file:
            json.dump([asdict(sample) for one in comparisons for sample in one.samples], json_file, indent=1)


def _chosen(names: str) -> Sequence[Tool]:
    known = {tool.name: tool for tool in found()}
    wanted = [name.strip() for name in names.split(",") if name.strip()]
    if unknown := sorted(set(wanted) - set(known)):
        raise typer.BadParameter(f"{', '.join(unknown)}: not among {', '.join(known)}", param_hint="--tools")
    return [known[name] for name in wanted or known]


def _base(name: str, tools: Sequence[Tool]) -> str:
    names = [tool.name for tool in tools]
    if repeated := [name for name, times in Counter(names).items() if times > 1]:
        raise typer.BadParameter(f"{', '.join(repeated)}: two have this name")
    if name and name not in names:
        raise typer.BadParameter(f"{name}: not among {', '.join(names)}", param_hint="--base")
    return name or ("bare" if "bare" in names else names[0])


def _print(comparison: Comparison, *, markdown: bool) -> None:
    console = Console(width=None if sys.stdout.isatty() else _WIDTH_OF_A_FILE)
    if markdown:
        console.out(as_markdown(comparison), highlight=False)
    else:
        console.print(as_table(comparison))


def _serve(plan: Plan, directory: Path) -> None:
    with kept(plan.works[0], plan.server, directory), suppress(KeyboardInterrupt):
        told = f"{plan.works[0].title}: {directory}/urls.txt, {directory}/ca.pem; Ctrl-C ends it"
        Console(stderr=True).print(told, soft_wrap=True)
        signal.pause()
