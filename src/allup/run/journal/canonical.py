"""Values as text that is the same in every process: what may differ there is put in order."""

from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from enum import Enum
from pathlib import PurePath


def canonical(value: object) -> str:  # noqa: PLR0911 - a case for each
    """Return a text for `value` that no other value has: plain ones, collections and dataclasses of them.

    What a dataclass does not compare is left out. Raises TypeError for anything else, which might be told by its
    place in memory.
    """
    match value:
        case Enum():
            return canonical(value.value)
        case None | bool() | int() | float() | str():
            return repr(value)
        case PurePath():
            return f"path {str(value)!r}"
        case tuple() | list():
            return f"[{','.join(map(canonical, value))}]"
        case set() | frozenset():
            return f"{{{','.join(sorted(map(canonical, value)))}}}"
        case Mapping():
            return f"{{{','.join(sorted(f'{canonical(key)}:{canonical(held)}' for key, held in value.items()))}}}"
        case _ if is_dataclass(value):
            held = (getattr(value, one.name) for one in fields(value) if one.compare)
            return f"{type(value).__name__}({','.join(map(canonical, held))})"
        case _:
            raise TypeError(f"a {type(value).__name__} has no text of its own")
