"""An earlier report of `check`, json or jsonl, read as the baseline of this run: a record at a time."""

import codecs
import json
from collections.abc import Iterator
from pathlib import Path
from typing import IO, Final

from allup.lists.formats.foreign import kind_of
from allup.model.shard import Shard
from allup.model.usage import UsageError
from allup.report.earlier_document import BrokenDocument, DocumentParser
from allup.report.earlier_record import NoRecord, add_record
from allup.report.json_document import SCHEMA
from allup.report.jsonl import is_end
from allup.report.printable import printable, shortened
from allup.run.baseline.baseline import Baseline

_LARGEST: Final = 1024 * 1024
"""Bytes of one record, give or take a chunk: no target takes more."""
_CHUNK: Final = 64 * 1024
_MOST_QUOTED: Final = 60
_GZIP: Final = b"\x1f\x8b"
_HELP: Final = "--baseline takes what `allup check --report json=FILE` (or jsonl=FILE) has written"


class BaselineError(UsageError):
    """A file is no baseline; the message says which, where, and what to do."""


def read_baseline(path: Path, shard: Shard | None = None) -> tuple[Baseline, str | None]:
    """Return what the report at `path` found of `shard`, and for people where it was cut off, if it was.

    Which of the two formats it is shows in its content. Raises BaselineError, and OSError where no temporary
    file can be written.
    """
    baseline = Baseline()
    reader = _Reader(path, baseline, shard)
    try:
        with path.open("rb") as file:
            reader.read(file)
    except OSError as error:
        raise BaselineError(f"cannot read the baseline {reader.name}: {error.strerror or error}") from None
    if not baseline.records:
        raise BaselineError(f"{reader.name}: no record in it, so nothing to compare with: {_HELP}{reader.remark}")
    return baseline, reader.cut


class _Reader:
    def __init__(self, path: Path, baseline: Baseline, shard: Shard | None) -> None:
        self.name = printable(str(path))
        self.cut: str | None = None
        self.remark = ""
        self._baseline = baseline
        self._shard = shard

    def read(self, file: IO[bytes]) -> None:
        start = file.readline(_LARGEST).removeprefix(codecs.BOM_UTF8)
        if not start:
            # The shell of `allup check ... > FILE` empties it before the command begins.
            self.remark = "; it is empty: a report of the same name is written by --report, and not by >"
        elif _is_record(start):
            self._read_lines(start, file)
        else:
            self._read_document(start, file)

    def _read_lines(self, start: bytes, file: IO[bytes]) -> None:
        line, number = start, 1
        while line:
            if not line.endswith(b"\n") and len(line) >= _LARGEST:
                raise self._error(f"{self.name}:{number}", f"a line of more than {_LARGEST // 1024} KiB")
            if line.strip():
                self._read_line(line, f"{self.name}:{number}")
            line, number = file.readline(_LARGEST), number + 1

    def _read_line(self, line: bytes, place: str) -> None:
        try:
            record = json.loads(line.decode())
        except (ValueError, RecursionError):
            if line.endswith(b"\n"):
                raise self._error(place, "no JSON") from None
            self._cut_off(place)
        else:
            if not is_end(record):
                self._add(record, place)

    def _read_document(self, start: bytes, file: IO[bytes]) -> None:
        parser, silent, known = DocumentParser(), 0, False
        for chunk in _chunks(start, file):
            before = self._baseline.records
            try:
                for record in parser.feed(chunk):
                    self._add(record, f"{self.name}: element {self._baseline.records + 1}")
            except BrokenDocument:
                if self._baseline.records or parser.schema is not None:
                    problem = f"no JSON behind element {self._baseline.records}"
                else:
                    problem = f"no report of allup: it is {_kind(start)}"
                raise self._error(self.name, problem) from None
            known = known or self._is_ours(parser.schema)
            silent = 0 if self._baseline.records > before else silent + len(chunk)
            if silent > _LARGEST:
                raise self._error(self.name, f"{_LARGEST // 1024} KiB without a record")
        if not known:
            raise self._error(self.name, f"no schema {SCHEMA!r} in it")
        if not parser.ends_well():
            self._cut_off(f"{self.name}: behind element {self._baseline.records}")

    def _is_ours(self, schema: str | None) -> bool:
        if schema is not None and schema != SCHEMA:
            said = printable(shortened(schema, _MOST_QUOTED))
            raise self._error(self.name, f"its schema is {said!r}, and not {SCHEMA!r}")
        return schema is not None

    def _add(self, record: object, place: str) -> None:
        try:
            add_record(self._baseline, record, self._shard)
        except NoRecord as error:
            raise self._error(place, f"no record of a check: {error}") from None

    def _cut_off(self, place: str) -> None:
        records = self._baseline.records
        told = "the record" if records == 1 else f"the {records:,} records"
        self.cut = f"{place}: the baseline breaks off here: compared is with {told} before"

    def _error(self, place: str, problem: str) -> BaselineError:
        return BaselineError(f"{place}: {problem}; {_HELP}")


def _kind(start: bytes) -> str:
    if start.startswith(_GZIP):
        return "packed by gzip, and has to be unpacked"
    other = kind_of(start)
    return "no JSON" if other is None else other[0]


def _is_record(line: bytes) -> bool:
    try:
        value = json.loads(line.decode())
    except (ValueError, RecursionError):
        return False
    return isinstance(value, dict) and "url" in value


def _chunks(start: bytes, file: IO[bytes]) -> Iterator[bytes]:
    chunk = start
    while chunk:
        yield chunk
        chunk = file.read(_CHUNK)
