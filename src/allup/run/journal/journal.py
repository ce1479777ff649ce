"""The completed targets of a run that may be cut off, and go on."""

import secrets
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from typing import Final, Self

from allup.lists.details import LineDefaults
from allup.lists.redaction import encodable
from allup.lists.source import Source
from allup.model.harmful import HARMFUL
from allup.model.result import Result, Verdict
from allup.model.resumption import Resumption
from allup.model.settings import CheckSettings
from allup.model.target import Entry, InvalidTarget
from allup.run.journal.fields import BadField
from allup.run.journal.file import JournalFile
from allup.run.journal.frame import unframed
from allup.run.journal.header import Header, may_be_torn
from allup.run.journal.identity import WIDTH, Identities
from allup.run.journal.marks import Marks
from allup.run.journal.places import Places
from allup.run.journal.problem import JournalError
from allup.run.journal.record import decoded, encoded
from allup.run.journal.writer import JournalWriter

_MOST_DIGITS: Final = 12
_ANEW: Final = "go on as it was begun, or remove it to begin anew, or name another file"


class Journal:
    """What is known of a run so far: results by the index of their target, of which each is checked to be the same.

    `known` of them were there when it was opened, `damaged` were not to be read, `began_at` is when the run began
    (seconds since the epoch). Only what is final gets in: what is unchecked is to be asked when the run goes on.
    """

    def __init__(self, file: JournalFile, header: Header) -> None:
        self.began_at = header.began_at
        self.damaged = 0
        self.restored = 0
        self._file = file
        self._identities = Identities(header.salt)
        self._places = Places()
        self._writer = JournalWriter(file)
        self._end_at_first = self._read()
        self.known = len(self._places)

    @classmethod
    def open(
        cls,
        path: Path,
        sources: Sequence[Source],
        defaults: LineDefaults,
        settings: CheckSettings,
        *,
        began_at: float,
    ) -> Self:
        """Open the journal of a run over `sources`, or begin one: at `began_at`, in seconds since the epoch.

        Raises JournalError where it is another run's, is in use, or cannot be written; a file that is no journal is
        left as it is. Raises SourceError where a list cannot be read.
        """
        name = HARMFUL.sub("?", encodable(str(path)))
        file = JournalFile.open(path, name)
        try:
            return cls(file, _header(file, partial(Marks.of, sources, defaults, settings), began_at))
        except OSError as error:
            file.close()
            raise JournalError(f"cannot write {name}: {error.strerror or error}") from None
        except BaseException:
            file.close()
            raise

    def __len__(self) -> int:
        """Return how many results are in the file."""
        return self.known + self._writer.written

    @property
    def name(self) -> str:
        """What messages call it."""
        return self._file.name

    @property
    def resumption(self) -> Resumption | None:
        """What was taken from it so far; None for nothing."""
        return Resumption(results=self.restored, began_at=self.began_at) if self.restored else None

    @property
    def problem(self) -> str | None:
        """Why it could not be written to its end, for people."""
        error = self._writer.error
        return None if error is None else f"cannot write {self.name}: {error.strerror or error}"

    def result_of(self, index: int, entry: Entry) -> Result | None:
        """Return what is known of `entry`; None where it is to be asked.

        Raises JournalError where another target had its place: then what came in since it was opened is taken out.
        """
        offset = self._places.get(index)
        if offset is None:
            return None
        body = unframed(self._file.line_at(offset)) or b""
        fingerprint, _, text = body.partition(b" ")[2].partition(b" ")
        if isinstance(entry, InvalidTarget) or fingerprint != self._identities.of_target(entry):
            raise self._of_another_list(f"{entry.origin} is another target than the one in its place was")
        try:
            result = decoded(text, index, entry)
        except BadField:
            self.damaged += 1
            return None
        self.restored += 1
        return result

    def add(self, result: Result) -> None:
        """Take in a result that is final, from the running event loop."""
        if result.verdict is not Verdict.UNCHECKED and not isinstance(result.entry, InvalidTarget):
            fingerprint = self._identities.of_target(result.entry)
            self._writer.add(b"%d %b %b" % (result.index, fingerprint, encoded(result)))

    def check_end(self, count: int) -> None:
        """Take note that the list has ended with `count` entries; raises JournalError where there were more."""
        if count <= self._places.largest:
            raise self._of_another_list(f"the list has ended after {count:,} targets, and was longer")

    def close(self, *, complete: bool) -> None:
        """Write what waits; a journal of a run that is `complete`, or has no result, is removed: it is over.

        A later start of the same command is to look anew, and not to tell what was found last time.
        """
        self._writer.flush()
        if complete or not len(self):
            self._file.remove()
        self._file.close()

    def _read(self) -> int:
        end = doubtful = 0
        for offset, line in self._file.lines():
            index = _index(line)
            if index is None and offset:
                doubtful += 1
                continue
            if index is not None:
                self._places.put(index, offset)
            end = offset + len(line)
            self.damaged += doubtful
            doubtful = 0
        self._file.cut(end)  # what was torn at its end
        return end

    def _of_another_list(self, why: str) -> JournalError:
        self._writer.discard()
        self._file.cut(self._end_at_first)
        return JournalError(f"{self.name} is the journal of another list: {why}; {_ANEW}")


def _header(file: JournalFile, marks_of: Callable[[Identities], Marks], began_at: float) -> Header:
    first = next((line for _, line in file.lines()), b"")
    if len(first) == file.end and may_be_torn(first):
        try:
            return _begun(file, marks_of, began_at)
        except BaseException:  # a disk that is full, a list that cannot be read: there is nothing to go on from
            file.remove()
            raise
    header_before = Header.decoded(first)
    if header_before is None:
        raise JournalError(f"{file.name} is no journal that can be read: name another file, --resume writes into it")
    others = marks_of(Identities(header_before.salt)).differences(header_before.marks)
    if others is not None:
        raise JournalError(f"{file.name} is the journal of another run: {others}; {_ANEW}")
    return header_before


def _begun(file: JournalFile, marks_of: Callable[[Identities], Marks], began_at: float) -> Header:
    salt = secrets.token_bytes(WIDTH)
    header = Header(salt=salt, began_at=began_at, marks=marks_of(Identities(salt)))
    file.cut(0)
    file.append(header.encoded())
    file.sync()
    return header


def _index(line: bytes) -> int | None:
    body = unframed(line)
    index = None if body is None else body.partition(b" ")[0]
    return int(index) if index and index.isdigit() and len(index) <= _MOST_DIGITS else None
