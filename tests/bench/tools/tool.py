"""What is measured: how it is told what to do, and how its answers are counted."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol


@dataclass(frozen=True, slots=True, kw_only=True)
class Job:
    """A list to check, and where a tool may write."""

    urls: Sequence[str]
    page: str
    """The URL of a page that links to them."""
    concurrency: int
    ca_file: Path
    directory: Path

    def written(self, name: str, lines: Sequence[str]) -> Path:
        """A file of `lines`."""
        path = self.directory / name
        path.write_text("".join(f"{line}\n" for line in lines), "utf-8")
        return path

    def listed(self) -> Path:
        """A file of the URLs, one a line."""
        return self.written("urls.txt", self.urls)


@dataclass(frozen=True, slots=True)
class Invocation:
    """A command, and what it finds in its environment."""

    command: Sequence[str | Path]
    variables: Mapping[str, str] = field(default_factory=dict)


class Tool(Protocol):
    """Something that checks lists, or is compared with what does."""

    @property
    def name(self) -> str:
        """What it is called in the report."""

    @property
    def asks(self) -> bool:
        """Whether it asks the URLs; else it only starts."""

    def invocation(self, job: Job) -> Invocation:
        """How it is told to do `job`; writes the files that this takes."""

    def answers(self, stdout: Path) -> int:
        """How many answers with 200 it says that it got."""
