"""What a line, or the flags, say about targets, while their options are being read."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Final

from allup.lists.redaction import without_passwords
from allup.lists.template import Template
from allup.model.answer import AnswerExpectation
from allup.model.expectation import Expectation
from allup.model.statuses import Statuses
from allup.model.target import Request

_REDIRECTS: Final = Statuses.parse("300-399")


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class LineDefaults:
    """What holds for a line without options; all such lines share these very objects, and it equals but itself.

    `options` are those that were asked for, as they were written; `variables` are what ``${NAME}``
    stands for. With `ports`, ``tcp://host:port`` is a target too.
    """

    request: Request = Request()
    expectation: Expectation = Expectation()
    options: tuple[tuple[str, str], ...] = ()
    variables: Mapping[str, str] = field(default_factory=dict, repr=False)
    ports: bool = False


@dataclass(frozen=True, slots=True)
class Value:
    """The value of an option: as it was written, and with its variables filled in."""

    template: Template
    variables: Mapping[str, str] = field(repr=False)

    @property
    def shown(self) -> str:
        """The value for people: variables by their names, and without the passwords of URLs."""
        return without_passwords(self.template.shown)

    @property
    def text(self) -> str:
        """The value with its variables filled in; raises ValueError where one is not set."""
        return self.template.expand(self.variables)

    def partition(self, at: int) -> tuple["Value", "Value"]:
        """Return what stands before and after the character of the index `at` of the masked text."""
        before, after = self.template.partition(at)
        return Value(before, self.variables), Value(after, self.variables)

    def stripped(self) -> "Value":
        """Return the value without the white space around it."""
        return Value(Template(self.template.masked.strip(), self.template.names), self.variables)


@dataclass(slots=True, kw_only=True)
class Details:
    """What holds for a target so far: the defaults, and on top of them what its options say.

    `href` is the URL that a relative one refers to; `given` are the options of this line alone.
    """

    href: str
    request: Request
    expectation: Expectation
    name: str | None = None
    group: str | None = None
    given: set[str] = field(default_factory=set)
    headers_given: set[tuple[str, str]] = field(default_factory=set)

    @classmethod
    def upon(cls, defaults: LineDefaults, href: str) -> "Details":
        """Return details that are the defaults."""
        return cls(href=href, request=defaults.request, expectation=defaults.expectation)

    def ask(self, **changes: Any) -> None:
        """Change the request."""
        self.request = replace(self.request, **changes)

    def keep_secret(self, value: "Value", *more: str) -> None:
        """Remember that what the variables of `value` hold, and `more`, is not to be printed, whoever says it."""
        held = [value.variables.get(name, "") for name in value.template.names]
        secrets = tuple(text for text in (*held, *more) if text)
        if secrets:
            self.ask(secrets=(*self.request.secrets, *secrets))

    def expect(self, **changes: Any) -> None:
        """Change the expectation."""
        self.expectation = replace(self.expectation, **changes)

    @property
    def answer(self) -> AnswerExpectation:
        """What the answer has to hold."""
        return self.expectation.answer

    def expect_in_answer(self, **changes: Any) -> None:
        """Change what the answer has to hold."""
        self.expect(answer=replace(self.answer, **changes))

    def first(self, option: str) -> bool:
        """Say whether this is the option's first value on this line: it replaces those of the defaults."""
        return option not in self.given

    def first_header(self, option: str, name: str) -> bool:
        """Say whether this is the first header of that name on this line: it replaces those of the defaults."""
        key = (option, name.lower())
        if key in self.headers_given:
            return False
        self.headers_given.add(key)
        return True

    def settle(self, named: set[str]) -> None:
        """Draw the conclusions; `named` are all options in force. Raises ValueError where two contradict each other."""
        if self.expectation.location is not None:
            self._settle_redirect(named)
        if self.request.data is not None:
            self._settle_data(named)
        if self.request.method == "HEAD" and self.answer.wants_body:
            raise ValueError("an answer to HEAD has no body to look into: leave method=HEAD out")

    def _settle_redirect(self, named: set[str]) -> None:
        if "follow" in self.given and self.request.follow:
            raise ValueError("location= says where a redirect points, and follow=yes goes there: write follow=no")
        self.ask(follow=False)
        if "expect" not in named:
            self.expect(statuses=_REDIRECTS)

    def _settle_data(self, named: set[str]) -> None:
        if "method" not in named:
            self.ask(method="POST")
        elif self.request.method == "HEAD":
            raise ValueError("HEAD sends no data: write method=POST")
