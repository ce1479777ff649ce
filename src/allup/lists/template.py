"""Values of options in which ``${NAME}`` stands for a variable of the environment."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final, Self

HOLE: Final = "\0"
"""Stands in a `masked` text where a variable's value goes; no text of a list or an argument has one."""

# Tried where a run of backslashes begins and nowhere else in it: that would take the square of its length.
_REFERENCE: Final = re.compile(r"(?<!\\)(?P<slashes>\\*+)\$\{(?:(?P<name>[A-Za-z_][A-Za-z0-9_]*)\})?")
_LITERAL: Final = re.compile(r"(?<!\\)(?P<slashes>\\*+)\$\{")


@dataclass(frozen=True, slots=True)
class Template:
    """A text with holes, and the names of the variables that fill them, in their order."""

    masked: str
    names: tuple[str, ...] = ()

    @classmethod
    def parse(cls, text: str) -> Self:
        r"""Return the template that `text` is, in which ``\${`` stands for these two characters.

        Raises ValueError where ``${`` begins no name.
        """
        if HOLE in text:
            raise ValueError("a NUL in it")
        names: list[str] = []

        def masked(reference: re.Match[str]) -> str:
            backslashes, escaped = divmod(len(reference["slashes"]), 2)
            if escaped:
                return "\\" * backslashes + reference[0].lstrip("\\")
            if reference["name"] is None:
                raise ValueError(NO_NAME)
            names.append(reference["name"])
            return "\\" * backslashes + HOLE

        return cls(_REFERENCE.sub(masked, text) if "${" in text else text, tuple(names))

    def expand(self, variables: Mapping[str, str]) -> str:
        """Return the text with its variables filled in; raises ValueError that names one which is not set."""
        if not self.names:
            return self.masked
        literals = self.masked.split(HOLE)
        values = [_value(name, variables) for name in self.names]
        return filled(literals, values)

    def partition(self, at: int) -> tuple["Template", "Template"]:
        """Return what stands before and after the character of the index `at` of the masked text."""
        before, after = self.masked[:at], self.masked[at + 1 :]
        holes = before.count(HOLE)
        return Template(before, self.names[:holes]), Template(after, self.names[holes:])

    @property
    def shown(self) -> str:
        """The text for people: variables by their names."""
        return str(self) if self.names else self.masked

    def __str__(self) -> str:
        """Return what `parse` reads as this very template."""
        literals = [_LITERAL.sub(r"\g<slashes>\g<slashes>\\${", literal) for literal in self.masked.split(HOLE)]
        # Backslashes right before a variable would be taken for its escape.
        ends = [len(literal) - len(literal.rstrip("\\")) for literal in literals]
        shown = [literal + "\\" * end for literal, end in zip(literals[:-1], ends, strict=False)]
        return "".join(f"{one}${{{name}}}" for one, name in zip(shown, self.names, strict=True)) + literals[-1]


def filled(literals: Sequence[str], values: Sequence[str]) -> str:
    """Return `literals` with `values`, which are one fewer, between them."""
    return "".join(part for pair in zip(literals, [*values, ""], strict=True) for part in pair)


NO_NAME: Final = "${ begins no variable: write ${NAME}, with letters, digits and _"


def _value(name: str, variables: Mapping[str, str]) -> str:
    value = variables.get(name)
    if value is None:
        raise ValueError(f"${{{name}}} is not set in the environment")
    if HOLE in value:
        raise ValueError(f"${{{name}}} has a NUL in it")
    return value
