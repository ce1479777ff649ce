"""What is to be checked: targets, and the lines that were meant to be some."""

from dataclasses import dataclass, field

from allup.model.expectation import Expectation
from allup.model.value import value


@value
class Origin:
    """Where an entry was written.

    `source` is a list's path, ``-`` for standard input, None for an argument; `line` counts from 1. `index` is
    which entry of the whole list it is, from 1, where only a shard of it is checked.
    """

    source: str | None = None
    line: int | None = None
    index: int | None = None

    def __str__(self) -> str:
        """Return ``urls.txt:14``, as compilers and editors write a place."""
        source = "argument" if self.source is None else self.source
        return source if self.line is None else f"{source}:{self.line}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """How a target is asked.

    `data` is sent as the request's body; `secrets` are parts of it that nobody may read, though a server
    sends them back; `timeout_s` bounds one attempt, its redirects included;
    `retries` counts the further attempts after a transient failure.
    """

    method: str = "GET"
    headers: tuple[tuple[str, str], ...] = field(default=(), repr=False)
    data: str | None = field(default=None, repr=False)
    secrets: tuple[str, ...] = field(default=(), repr=False, compare=False)
    timeout_s: float = 10.0
    follow: bool = True
    retries: int = 2

    def __post_init__(self) -> None:
        if not self.timeout_s > 0:
            raise ValueError(f"a timeout of {self.timeout_s} seconds leaves no time: it is more than 0")


@value
class Target:
    """One URL, how it is asked and what is expected of it.

    `url` is the URL as it was listed, its password removed: it may be printed. `href` is the URL
    as it is asked (WHATWG's serialisation), a password included: it must never be. `host` is the
    normalised host:port that limits count by. `group` names the equivalents that it is one of.
    `options` are those in force, by name and as they were written, in the grammar's order: what
    comes from a variable is its name there, and what is a secret is not there at all.
    """

    url: str
    href: str = field(repr=False)
    host: str
    name: str | None = None
    group: str | None = None
    origin: Origin = Origin()
    request: Request = Request()
    expectation: Expectation = Expectation()
    options: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class InvalidTarget:
    """A line that could not be read as a target: `text` as it stands, secrets removed, and why.

    `column`, from 1, is where the trouble begins, if that is anywhere in particular.
    """

    text: str
    reason: str
    hint: str | None = None
    origin: Origin = Origin()
    column: int | None = None

    @property
    def diagnosis(self) -> str:
        """The reason behind its place, as compilers write it: ``urls.txt:14:23: unknown option ...``."""
        if self.origin.line is None:
            return self.reason if self.column is None else f"column {self.column}: {self.reason}"
        return f"{self.origin}{'' if self.column is None else f':{self.column}'}: {self.reason}"


Entry = Target | InvalidTarget
"""What a list is made of, once read."""
