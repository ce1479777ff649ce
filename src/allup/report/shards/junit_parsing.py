"""A JUnit report of a shard, cut into its test cases."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from html import unescape
from typing import IO, Any, Final
from xml.sax import SAXException
from xml.sax.handler import ContentHandler

from defusedxml.common import DefusedXmlException
from defusedxml.expatreader import create_parser

from allup.model.failure import Certainty
from allup.report.shards.parsing import Broken
from allup.report.xml_text import xml_attributes, xml_text

_CHUNK: Final = 64 * 1024
_LARGEST: Final = 1024 * 1024
"""Characters of a test case."""
_FOR_US: Final = "allup"
_PAIR: Final = re.compile(r'([a-z_]+)="([^"]*)"')
_PROBLEMS: Final = frozenset({"failure", "error", "skipped"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """One test case: its `text` is the element as it was written, but for what is there for merging.

    `problem` is the element of what is wrong: failure, error or skipped; None where nothing is.
    """

    suite: str
    index: int
    text: str
    group: str | None
    problem: str | None
    certainty: str | None
    time_s: float


class JunitParser:
    """Reads `file`; `told` is what its head says, once that was read."""

    def __init__(self, file: IO[bytes]) -> None:
        self._file = file
        self._cases = _Cases()
        self._parser: Any = create_parser(forbid_dtd=True, forbid_entities=True, forbid_external=True)
        self._parser.setContentHandler(self._cases)

    @property
    def told(self) -> dict[str, str]:
        """What stands in the processing instruction at the top; empty where there is none."""
        return self._cases.told

    def __iter__(self) -> Iterator[Case]:
        """Yield the cases; raises Broken."""
        while chunk := self._file.read(_CHUNK):
            yield from self._found(lambda chunk=chunk: self._parser.feed(chunk))  # type: ignore[misc]
        yield from self._found(self._parser.close)

    def _found(self, parse: Callable[[], None]) -> list[Case]:
        try:
            parse()
        except (SAXException, DefusedXmlException, ValueError):
            raise Broken("it breaks off, or is no XML") from None
        found, self._cases.found = self._cases.found, []
        return found


class _Cases(ContentHandler):
    """Writes each test case down again, as it comes."""

    def __init__(self) -> None:
        super().__init__()
        self.told: dict[str, str] = {}
        self.found: list[Case] = []
        self._suite = ""
        self._pieces: list[str] | None = None
        self._length = 0
        self._depth = 0
        self._its: dict[str, str] = {}
        self._time_s = 0.0
        self._problem: str | None = None

    def processingInstruction(self, target: str, data: str) -> None:  # noqa: N802 - SAX's name
        """Take what is there for us."""
        if target == _FOR_US:
            said = {name: unescape(value) for name, value in _PAIR.findall(data)}
            if self._pieces is None:
                self.told = self.told or said
            else:
                self._its = said

    def startElement(self, name: str, attrs: Any) -> None:  # noqa: N802
        """Begin a case, or write down what is in one."""
        if name == "testsuite":
            self._suite = attrs.get("name", "")
        if name == "testcase" and self._pieces is None:
            self._begin(attrs)
        if self._pieces is None:
            return
        self._depth += 1
        if self._depth == 2 and name in _PROBLEMS:
            self._problem = name
        self._write(f"<{name}{xml_attributes(**attrs)}>")

    def characters(self, content: str) -> None:
        """Write it down."""
        if self._pieces is not None:
            self._write("\n".join(map(xml_text, content.split("\n"))))

    def endElement(self, name: str) -> None:  # noqa: N802
        """End what was begun."""
        if self._pieces is None:
            return
        self._depth -= 1
        self._write(f"</{name}>")
        if not self._depth:
            self._end(self._pieces)

    def _begin(self, attrs: Any) -> None:
        self._pieces, self._length, self._its, self._problem = [], 0, {}, None
        try:
            self._time_s = float(attrs.get("time", "0"))
        except ValueError:
            self._time_s = 0.0

    def _write(self, text: str) -> None:
        assert self._pieces is not None
        self._pieces.append(text)
        self._length += len(text)
        if self._length > _LARGEST:
            raise Broken("a test case of more than 1 MiB")

    def _end(self, pieces: list[str]) -> None:
        number, certainty = self._its.get("index", ""), self._its.get("certainty")
        if not number.isdecimal() or (certainty is not None and certainty not in list(Certainty)):
            raise Broken(f"test case {len(self.found) + 1} is of no shard")
        self.found.append(
            Case(
                suite=self._suite,
                index=int(number),
                text="".join(pieces) + "\n",
                group=self._its.get("group"),
                problem=self._problem,
                certainty=certainty,
                time_s=self._time_s,
            )
        )
        self._pieces = None
