"""What the shell may offer for a value that is being typed, where Typer does not know it by itself."""

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import typer

from allup.cli.environment import Environment
from allup.model.retry_on import TRANSIENT
from allup.report.format import ReportFormat

AUTO: Final = "auto"
_STATUSES: Final = ("2xx", "3xx", "4xx", "5xx")
_METHODS: Final = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS")


def sources(ctx: typer.Context, incomplete: str) -> list[str]:
    """Return nothing, so that the shell offers files, but where bash takes ``--option=value`` for three words.

    Typer knows the option then only as long as the third one is empty.
    """
    environment: Environment = ctx.obj
    *_, option, equals, _ = ["", "", "", *environment.variables.get("COMP_WORDS", "").split("\n")]
    if equals != "=" or not incomplete:
        return []
    asked = next((one for one in ctx.command.params if option in one.opts), None)
    return [] if asked is None else [item.value for item in asked.shell_complete(ctx, incomplete)]


def methods(incomplete: str) -> list[str]:
    """Return the methods that begin so."""
    return [method for method in _METHODS if method.startswith(incomplete)]


def automatic(incomplete: str) -> list[str]:
    """Return the one word that stands for a number."""
    return [word for word in (AUTO,) if word.startswith(incomplete)]


def statuses(incomplete: str) -> list[str]:
    """Return the classes of statuses that the last one of a list with commas may be."""
    return list(_last_of_list(incomplete, _STATUSES))


def retried(incomplete: str) -> list[str]:
    """Return the statuses and kinds of failure that the last one of a list with commas may be."""
    return list(_last_of_list(incomplete, ("5xx", "429", *sorted(TRANSIENT.kinds))))


def report_files(incomplete: str) -> list[str]:
    """Return what ``FORMAT=PATH`` may be: the formats, and after one of them files."""
    name, equals, path = incomplete.partition("=")
    if equals:  # a shell that takes = for the end of a word (bash) completes the file itself
        return [f"{name}={found}" for found in _files(path)]
    formats = [f"{one}=" for one in ReportFormat if one.startswith(name)]
    # For the only one that is left a shell adds a blank, which there must not be: so it is not the only one.
    return [*formats, *(f"{one}report.{one.rstrip('=')}" for one in formats if len(formats) == 1)]


def _last_of_list(incomplete: str, words: tuple[str, ...]) -> Iterator[str]:
    before, comma, last = incomplete.rpartition(",")
    given = before.split(",")
    return (f"{before}{comma}{word}" for word in words if word.startswith(last) and word not in given)


def _files(start: str) -> Iterator[str]:
    directory, name = os.path.split(start)
    try:
        entries = sorted(os.scandir(directory or "."), key=lambda entry: entry.name)
    except OSError:
        return
    for entry in entries:
        if entry.name.startswith(name) and (name or not entry.name.startswith(".")):
            yield str(Path(directory, entry.name)) + ("/" if entry.is_dir() else "")
