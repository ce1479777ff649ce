"""The README, its blocks, and how its commands are run."""

import re
import subprocess
from pathlib import Path
from typing import Final

README: Final = Path(__file__).parents[2] / "README.md"
TEXT: Final = README.read_text(encoding="utf-8")


def blocks(kind: str) -> list[str]:
    """Return the blocks of that language."""
    return re.findall(rf"^```{kind}\n(.*?)^```$", TEXT, re.MULTILINE | re.DOTALL)


def run(command: str, place: Path, environment: dict[str, str]) -> subprocess.CompletedProcess[str]:
    """Run a command line in `place`."""
    return subprocess.run(
        ["bash", "-c", command],
        cwd=place,
        env=environment,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
