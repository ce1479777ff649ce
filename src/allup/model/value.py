"""Values of which a run makes one for each target."""

from dataclasses import dataclass, field
from typing import TypeVar, dataclass_transform

T = TypeVar("T")


@dataclass_transform(frozen_default=True, kw_only_default=True, field_specifiers=(field,))
def value(cls: type[T]) -> type[T]:
    """Make `cls` a dataclass that is frozen to a type checker, and hashed and compared as a frozen one.

    At run time it is not frozen: that takes three times as long to make, since each field is then set by a call of
    `object.__setattr__`.
    """
    return dataclass(slots=True, kw_only=True, unsafe_hash=True)(cls)
