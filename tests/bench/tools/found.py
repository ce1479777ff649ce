"""The tools that this machine has."""

import os
import shutil
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Final

from bench.tools.allup import Allup
from bench.tools.aside import Aside
from bench.tools.client import Client
from bench.tools.curl import Curl
from bench.tools.httpx import Httpx
from bench.tools.lychee import Lychee
from bench.tools.muffet import Muffet
from bench.tools.tool import Tool

_PLACES: Final = os.pathsep.join([str(Path(sys.executable).parent), os.environ.get("PATH", os.defpath)])


def found() -> Sequence[Tool]:
    """Every tool that is installed, what others are compared with first."""
    tools: list[Tool] = [Client(name="bare"), Client(name="raw"), Allup()]
    if curl := _program("curl"):
        tools.append(Curl(program=curl))
    if lychee := _program("lychee"):
        tools.append(Lychee(program=lychee))
    if muffet := _program("muffet"):
        tools.append(Muffet(program=muffet))
    if (httpx := _program("httpx")) and not _is_script(httpx):  # the library in Python installs one of that name
        tools.append(Httpx(program=httpx))
    return tools


def starts() -> Sequence[Tool]:
    """What only starts."""
    return [
        Aside(name="allup --version", command=[sys.executable, "-m", "allup", "--version"]),
        Aside(name="import aiohttp", command=[sys.executable, "-c", "import aiohttp"]),
        Aside(name="python", command=[sys.executable, "-c", "pass"]),
    ]


def _is_script(program: str) -> bool:
    with Path(program).open("rb") as file:
        return file.read(2) == b"#!"


def _program(name: str) -> str | None:
    return shutil.which(name, path=_PLACES)
