"""The JUnit reports of all shards as one: what was written of each case stays as it is."""

import tempfile
import weakref
from array import array
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import IO, Final

from allup.model.failure import Certainty
from allup.model.settings import FailOn
from allup.model.standing import Standing
from allup.report.junit_suites import SuiteCounts, write_suites
from allup.report.printable import printable
from allup.report.shards.end import ShardEnd, share_of
from allup.report.shards.fields import Fields, NoField
from allup.report.shards.fit import MergeError, check_fit, check_whole
from allup.report.shards.junit_parsing import Case, JunitParser
from allup.report.shards.parsing import HELP, Broken
from allup.report.sink import Sink

_COUNTS: Final = ("index", "count", "listed", "targets", "repeats", "excluded")


class JunitMerging:
    """The cases of the reports at `paths`, by their place in the list; they wait in a temporary file.

    That takes some 40 bytes of memory a case. Raises MergeError, and OSError where the disk is full.
    """

    def __init__(self, paths: Sequence[Path], fail_on: FailOn) -> None:
        self._fail_on = fail_on
        self._texts: IO[bytes] = tempfile.TemporaryFile(prefix="allup-")  # noqa: SIM115 - closed with this
        weakref.finalize(self, self._texts.close)
        self._suites: dict[str, _Suite] = {}
        self._alone = Counter[Standing]()
        self._groups: dict[str, Standing] = {}
        self._ends = [(printable(str(path)), self._read(path)) for path in paths]
        check_fit(self._ends)
        check_whole([end for _, end in self._ends], sum(suite.counts.tests for suite in self._suites.values()))

    @property
    def standings(self) -> Counter[Standing]:
        """How many targets outside of groups, and how many groups, stand how."""
        return self._alone + Counter(self._groups.values())

    def write(self, sink: Sink) -> None:
        """Write the report of the whole list."""
        in_order = sorted(self._suites.items(), key=lambda item: min(item[1].indexes))
        counts = {name: suite.counts for name, suite in in_order}
        write_suites(sink, counts, self._cases_of, wall_s=max(end.wall_s for _, end in self._ends))

    def _cases_of(self, name: str) -> Iterator[str]:
        suite = self._suites[name]
        for at in sorted(range(len(suite.indexes)), key=suite.indexes.__getitem__):
            self._texts.seek(suite.starts[at])
            yield self._texts.read(suite.lengths[at]).decode("ascii")

    def _read(self, path: Path) -> ShardEnd:
        name = printable(str(path))
        try:
            with path.open("rb") as file:
                parser = JunitParser(file)
                for case in parser:
                    self._add(case)
            return _end_of(parser.told)
        except (Broken, NoField) as error:
            raise MergeError(f"{name}: {error}; {HELP}") from None
        except OSError as error:
            raise MergeError(f"cannot read {name}: {error.strerror or error}") from None

    def _add(self, case: Case) -> None:
        suite = self._suites.setdefault(case.suite, _Suite())
        suite.counts.tests += 1
        suite.counts.failures += case.problem == "failure"
        suite.counts.errors += case.problem == "error"
        suite.counts.skipped += case.problem == "skipped"
        suite.counts.elapsed_s += case.time_s
        text = case.text.encode("ascii")
        suite.indexes.append(case.index)
        suite.starts.append(self._texts.seek(0, 2))
        suite.lengths.append(len(text))
        self._texts.write(text)
        place = self._standing(case)
        if case.group is None:
            self._alone[place] += 1
        else:
            self._groups[case.group] = min(place, self._groups.get(case.group, place))

    def _standing(self, case: Case) -> Standing:
        match case.problem:
            case None:
                return Standing.GOOD
            case "error":
                return Standing.UNKNOWN
            case "failure":
                lax = self._fail_on is FailOn.DEFINITE and case.certainty != Certainty.DEFINITE
                return Standing.EXCUSED if lax else Standing.FAILED
            case _:  # skipped: a failure that was known, and that the run let pass
                return Standing.EXCUSED


class _Suite:
    def __init__(self) -> None:
        self.counts = SuiteCounts()
        self.indexes = array("Q")
        self.starts = array("Q")
        self.lengths = array("Q")


def _end_of(told: dict[str, str]) -> ShardEnd:
    if not told:
        raise NoField("it is of a whole list, not of a shard")
    counts = {name: int(told[name]) for name in _COUNTS if told.get(name, "").isdecimal()}
    its = Fields({**counts, "digest": told.get("digest")})
    try:
        wall_s = float(told.get("wall_s", "0"))
    except ValueError:
        raise NoField("its wall_s is no number") from None
    return ShardEnd(
        share=share_of(its), repeats=its.count("repeats") or 0, excluded=its.count("excluded") or 0, wall_s=wall_s
    )
