"""The command: starts the origins, lets the tools take their turns, and prints what they took."""

import json
import signal
import sys
import tempfile
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import asdict
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from bench.origins.listening import raise_limit
from bench.origins.origins import Server, site
from bench.report import Comparison, as_markdown, as_table
from bench.tools.allup import Allup
from bench.tools.found import found, starts
from bench.tools.tool import Tool
from bench.turns import NotDoneError, Sample, in_turns
from bench.works import WORKS, Key, Work

app = typer.Typer(add_completion=False)


class Which(StrEnum):
    """Which server answers."""

    BEST = "best"
    NGINX = "nginx"
    PYTHON = "python"


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
    base: Annotated[str, typer.Option(help="The tool that the others are compared with.")] = "bare",
    server: Annotated[Which, typer.Option(help="What answers: nginx, where it is installed.")] = Which.BEST,
    json_file: Annotated[Path | None, typer.Option("--json", help="Write every figure to this file.")] = None,
    markdown: Annotated[bool, typer.Option(help="Print Markdown.")] = False,
    serve: Annotated[
        Path | None,
        typer.Option(
            help="Measure nothing: keep the origins of a work until Ctrl-C; its urls.txt and ca.pem go there."
        ),
    ] = None,
) -> None:
    """Measure allup and its like on loopback, in turns, and print what they took and the ratios with their spread."""
    raise_limit()
    for stop in (signal.SIGINT, signal.SIGTERM):  # so that the origins are stopped, too
        signal.signal(stop, signal.default_int_handler)
    chosen = [*_chosen(tools), *map(Allup.with_options, allup_options or []), *map(Allup.of, allup or [])]
    answering = Server.best() if server is Which.BEST else Server(server)
    if serve:
        _keep(WORKS[(works or list(Key))[0]].scaled(scale), answering, serve)
        return
    console, progress = Console(width=None if sys.stdout.isatty() else 120), Console(stderr=True)
    samples: list[Sample] = []
    try:
        for key in works or list(Key):
            work = WORKS[key].scaled(scale)
            taken = _done(work, chosen, answering, rounds=rounds, concurrency=concurrency, progress=progress)
            samples += taken
            comparison = Comparison(work=work, samples=taken, base=base, concurrency=concurrency)
            if markdown:
                console.out(as_markdown(comparison), highlight=False)
            else:
                console.print(as_table(comparison))
    except NotDoneError as error:
        sys.exit(str(error))
    if json_file:
        json_file.write_text(json.dumps([asdict(sample) for sample in samples], indent=1), "utf-8")


def _keep(work: Work, server: Server, directory: Path) -> None:
    directory.mkdir(parents=True, exist_ok=True)
    with site(work, server, directory.resolve()) as at, suppress(KeyboardInterrupt):
        listed = directory / "urls.txt"
        listed.write_text("".join(f"{url}\n" for url in at.urls), "utf-8")
        Console(stderr=True).print(f"{work.key}: {listed}, {at.authority.ca_file}; Ctrl-C ends it", soft_wrap=True)
        signal.pause()


def _chosen(names: str) -> Sequence[Tool]:
    known = {tool.name: tool for tool in found()}
    wanted = [name.strip() for name in names.split(",") if name.strip()]
    if unknown := sorted(set(wanted) - set(known)):
        raise typer.BadParameter(f"{', '.join(unknown)}: not among {', '.join(known)}", param_hint="--tools")
    return [known[name] for name in wanted or known]


def _done(
    work: Work, tools: Sequence[Tool], server: Server, *, rounds: int, concurrency: int, progress: Console
) -> Sequence[Sample]:
    with tempfile.TemporaryDirectory() as name, progress.status(work.title) as status:
        directory = Path(name)
        with site(work, server, directory) as at:
            asked = [*tools, *starts()] if work.key is Key.START else tools
            turns = in_turns(
                work, at, asked, rounds=rounds, concurrency=concurrency, directory=directory, begins=status.update
            )
            return list(turns)
