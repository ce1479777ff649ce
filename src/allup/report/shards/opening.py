"""Which format a report has, by its content."""

import codecs
import json
from collections.abc import Sequence
from pathlib import Path
from typing import Final

from allup.model.settings import FailOn
from allup.report.format import ReportFormat
from allup.report.jsonl import is_end
from allup.report.printable import printable
from allup.report.shards.fit import MergeError
from allup.report.shards.parsing import document, lines
from allup.report.shards.reading import ShardReport

_BEGINNING: Final = 1024 * 1024


def form_of(path: Path) -> ReportFormat:
    """Return whether the report at `path` is json, jsonl or junit, if it is any; raises MergeError."""
    name = printable(str(path))
    try:
        with path.open("rb") as file:
            if not file.seekable():
                raise MergeError(f"{name}: a pipe cannot be read twice: write it to a file")
            start = file.readline(_BEGINNING).removeprefix(codecs.BOM_UTF8)
    except OSError as error:
        raise MergeError(f"cannot read {name}: {error.strerror or error}") from None
    if start.lstrip().startswith(b"<"):
        return ReportFormat.JUNIT
    return ReportFormat.JSONL if _is_line(start) else ReportFormat.JSON


def opened_shards(paths: Sequence[Path], forms: Sequence[ReportFormat], fail_on: FailOn) -> list[ShardReport]:
    """Return the reports at `paths`, which have the `forms`: json and jsonl."""
    parsers = {ReportFormat.JSON: document, ReportFormat.JSONL: lines}
    return [ShardReport(path, parsers[form], fail_on) for path, form in zip(paths, forms, strict=True)]


def _is_line(start: bytes) -> bool:
    try:
        value = json.loads(start.decode())
    except (ValueError, RecursionError):
        return False
    return is_end(value) or (isinstance(value, dict) and "url" in value)
