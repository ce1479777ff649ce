"""The report of a shard, json or jsonl, read a record at a time."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import IO, Any

from allup.lists.sharding import place_of
from allup.model.result import Result
from allup.model.settings import FailOn
from allup.report.printable import printable
from allup.report.shards.end import ShardEnd, end_of
from allup.report.shards.fields import Fields, NoField
from allup.report.shards.fit import MergeError
from allup.report.shards.parsing import HELP, Broken, Piece
from allup.report.shards.result import result_of


class ShardReport:
    """One report, which is read twice: `check` says whether it is one, `results` has its results."""

    def __init__(self, path: Path, parse: Callable[[IO[bytes]], Iterator[Piece]], fail_on: FailOn) -> None:
        self.name = printable(str(path))
        self._path = path
        self._parse = parse
        self._fail_on = fail_on
        self._end: ShardEnd | None = None

    @property
    def end(self) -> ShardEnd:
        """What it says of its run, once it was checked."""
        assert self._end is not None, "it was not checked"
        return self._end

    def check(self) -> int:
        """Read all of it, and return how many results it has; raises MergeError where it is no report of a shard."""
        count = before = 0
        for number, _ in self._read():
            if number <= before:
                raise MergeError(f"{self.name}: entry {number} comes behind {before}: check with --order list")
            count, before = count + 1, number
        if self._end is None:
            raise MergeError(f"{self.name}: it breaks off; {HELP}")
        return count

    def results(self) -> Iterator[tuple[int, Result]]:
        """Yield each result, behind its number in the whole list; raises MergeError."""
        shard = self.end.share.shard
        for number, result in self._read():
            if place_of(result.entry) not in shard:
                raise MergeError(f"{self.name}: entry {number} does not belong to shard {shard}")
            yield number, result

    def _read(self) -> Iterator[tuple[int, Result]]:
        try:
            with self._path.open("rb") as file:
                for piece in self._parse(file):
                    if piece.is_end:
                        self._end = self._told(piece, end_of)
                    else:
                        yield self._told(piece, self._numbered)
        except Broken as broken:
            raise MergeError(f"{self.name}{broken.place}: {broken}; {HELP}") from None
        except OSError as error:
            raise MergeError(f"cannot read {self.name}: {error.strerror or error}") from None

    def _told(self, piece: Piece, of: Callable[[Any], Any]) -> Any:
        try:
            return of(piece.value)
        except NoField as error:
            raise MergeError(f"{self.name}{piece.place}: {error}") from None

    def _numbered(self, record: object) -> tuple[int, Result]:
        result, number = result_of(record, self._fail_on), Fields(record).count("index")
        if number is None:
            raise NoField(f"a record of no shard: its index is null; {HELP}")
        return number, result
