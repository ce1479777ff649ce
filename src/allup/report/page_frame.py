"""The frame of a page that needs nothing from elsewhere, and lets nothing else run in it."""

import base64
import hashlib
import re
from collections.abc import Sequence
from dataclasses import dataclass
from importlib.resources import files
from typing import Final, Self

from allup.version import __version__

_PLACE: Final = re.compile(r"\{\{(\w+)\}\}")


@dataclass(frozen=True, slots=True, kw_only=True)
class PageFrame:
    """What stands before and after the data of a page."""

    head: str
    foot: str

    @classmethod
    def of(cls, template: str, *, styles: Sequence[str], scripts: Sequence[str]) -> Self:
        """Return the frame made of files in ``report/page``; scripts are one module, in the order given."""
        style, script = _joined(styles), _joined(scripts)
        parts = {"policy": _policy(style, script), "version": __version__, "style": style, "script": script}
        head, _, foot = read(template).partition("{{data}}")
        return cls(head=_filled(head, parts), foot=_filled(foot, parts))


def read(name: str) -> str:
    """Return the text of a file in ``report/page``."""
    return files("allup.report").joinpath("page", name).read_text(encoding="utf-8")


def _joined(names: Sequence[str]) -> str:
    return "\n" + "\n".join(map(read, names))


def _policy(style: str, script: str) -> str:
    # By their hashes these two are what may be in force; there is nobody that anything may be fetched from.
    return (
        f"default-src 'none'; style-src '{_hash(style)}'; script-src '{_hash(script)}'; "
        "base-uri 'none'; form-action 'none'"
    )


def _hash(text: str) -> str:
    return f"sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}"


def _filled(template: str, parts: dict[str, str]) -> str:
    return _PLACE.sub(lambda match: parts[match[1]], template)
