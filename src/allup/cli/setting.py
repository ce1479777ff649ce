"""What a file or a variable says about an option."""

from dataclasses import dataclass

Value = str | bool | list[str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Setting:
    """A value as the flag itself would be given it; `origin` says for people where it stands.

    With `shared` it stands in a file, where it holds for every command that has the option.
    """

    key: str
    value: Value
    origin: str
    shared: bool = False

    @property
    def place(self) -> str:
        """Where what is wrong with the value is to be corrected."""
        return self.origin if self.origin.startswith("$") else f"{self.origin}: {self.key}"
