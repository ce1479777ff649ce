"""The keys that may be configured: the options of the commands, by the names of their flags."""

from collections.abc import Iterable, Mapping
from difflib import get_close_matches
from typing import Any, Final

from typer.core import TyperOption

PREFIX: Final = "ALLUP_"
_NEAR: Final = 0.8
"""How alike a variable is to one of ours that is taken for a slip: lists may name others that begin so."""

Keys = Mapping[str, TyperOption]


def keys_of(command: Any) -> Keys:
    """Return the options of `command` by their keys; those that are heeded first of all (``--config``) are none."""
    options = [one for one in command.params if isinstance(one, TyperOption) and not one.is_eager]
    return {_long(one): one for one in options}


def variable_of(key: str) -> str:
    """Return the name of the variable that stands for `key`."""
    return PREFIX + key.upper().replace("-", "_")


def suggestion(name: str, words: Iterable[str]) -> str:
    """Return the end of a message about `name`, which is none of `words`: the nearest of them, if one is near."""
    known = set(words)
    if name.startswith("no-") and name[3:] in known:
        return f": write {name[3:]} = false"
    near = get_close_matches(name.lower().replace("_", "-"), known, n=1)
    return f": did you mean {near[0]}?" if near else ""


def slip(variable: str, variables: Iterable[str]) -> str | None:
    """Return the one of `variables`, all that mean something, that `variable` was probably meant to be."""
    names = {name.removeprefix(PREFIX): name for name in variables}
    near = get_close_matches(variable.removeprefix(PREFIX), names, n=1, cutoff=_NEAR)
    return names[near[0]] if near else None


def _long(option: TyperOption) -> str:
    return next(flag for flag in option.opts if flag.startswith("--")).removeprefix("--")
