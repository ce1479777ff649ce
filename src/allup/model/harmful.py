"""Characters that a terminal, a pipe or an editor could act upon."""

import re
from typing import Final

HARMFUL: Final = re.compile(
    "["
    "\x00-\x1f\x7f-\x9f"  # C0, DEL, C1: terminal escapes, tabs, line ends
    "\u061c\u200b-\u200f\u202a-\u202e\u2066-\u2069"  # marks that reorder or hide what stands around them
    "\u2028\u2029"  # line ends, to some readers
    "\u2060-\u2065\u206a-\u206f\ufeff\ufff9-\ufffb\U000e0000-\U000e007f"  # invisible ones
    "\ud800-\udfff"  # lone surrogates: no encoding takes them
    "]"
)
