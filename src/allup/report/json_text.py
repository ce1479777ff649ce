"""JSON on one line that is safe to print and always encodable."""

import json
import re

from allup.report.printable import ACTIVE


def json_text(value: object) -> str:
    r"""Return `value` as JSON on one line; harmful characters are ``\uXXXX``, so a parser reads the same data."""
    return ACTIVE.sub(_escaped, json.dumps(value, ensure_ascii=False))


def _escaped(match: re.Match[str]) -> str:
    # Outside of strings JSON is plain ASCII, so every match is inside of one. json writes pairs for high planes.
    return r"\u0023" if match[0] == "#" else json.dumps(match[0]).strip('"')
