"""The house: imports point down only, and each library, the environment and the terminal have one floor."""

import ast
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

import allup

SRC = Path(allup.__file__).parent
FLOORS = {"version": 0, "model": 1, "lists": 2, "http": 3, "run": 4, "report": 5, "live": 5, "cli": 6}
SIDE = "lab"
ROOF = {"allup", "allup.__main__"}
SAME_FLOOR = {("live", "report")}
"""Neighbours of which the first may use the second."""

Rule = Callable[[str, ast.Module], Iterator[str]]


def room(module: str) -> str:
    """The package that `module` is in: `run` of `allup.run.turns`; the empty string for the roof."""
    return "" if module in ROOF else module.split(".")[1]


def imported(module: str, tree: ast.AST) -> Iterator[str]:
    """Everything that is imported, inside functions too, by its full name."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            package = module.split(".")[: -node.level] if node.level else []
            base = ".".join([*package, *([node.module] if node.module else [])])
            yield from (f"{base}.{alias.name}" for alias in node.names)


def root(name: str) -> str:
    return name.split(".", maxsplit=1)[0]


def may_use(user: str, used: str) -> bool:
    """Whether the room `user` may import from the room `used`."""
    if user in {used, ""}:
        return True
    if SIDE in {user, used}:
        return (user, used) in {(SIDE, "model"), (SIDE, "version"), ("cli", SIDE)}
    if used not in FLOORS or user not in FLOORS:
        return False
    return FLOORS[used] < FLOORS[user] or (user, used) in SAME_FLOOR


def imports_point_down(module: str, tree: ast.Module) -> Iterator[str]:
    for name in imported(module, tree):
        if root(name) != "allup":
            continue
        used = name.split(".")[1] if "." in name else ""
        if not may_use(room(module), used):
            yield f"imports {name}"


def libraries_have_their_floor(module: str, tree: ast.Module) -> Iterator[str]:
    homes = {
        "aiohttp": {"http"},
        "rich": {"report", "live", "cli"},
        "typer": {"cli"},
        "click": set[str](),
        "sqlite3": {"report"},
        "prometheus_client": {"report"},
    }
    for name in imported(module, tree):
        server = (room(module) == SIDE and name.startswith(("aiohttp.web.", "aiohttp.web_"))) or name == "aiohttp.web"
        if room(module) not in homes.get(root(name), {room(module)}) and not (server and room(module) == SIDE):
            yield f"imports {name}"


def the_model_needs_the_standard_library_only(module: str, tree: ast.Module) -> Iterator[str]:
    if room(module) == "model":
        for name in imported(module, tree):
            if root(name) not in sys.stdlib_module_names | {"allup"}:
                yield f"imports {name}"


def only_the_command_knows_its_surroundings(module: str, tree: ast.Module) -> Iterator[str]:
    known = {"os.environ", "os.environb", "os.getenv", "sys.argv", "os.isatty"}
    if room(module) == "cli":
        return
    for name in imported(module, tree):
        if name in known:
            yield f"imports {name}"
    for node in ast.walk(tree):
        if isinstance(node, ast.Attribute) and (ast.unparse(node) in known or node.attr == "isatty"):
            yield f"uses {ast.unparse(node)}"


def every_task_has_a_name(_: str, tree: ast.Module) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and makes_a_task(node) and "name" not in {key.arg for key in node.keywords}:
            yield f"line {node.lineno}: a task without a name"


def makes_a_task(node: ast.Call) -> bool:
    return called(node) in {"create_task", "ensure_future"}


def called(node: ast.Call) -> str:
    match node.func:
        case ast.Attribute(attr=name) | ast.Name(id=name):
            return name
        case _:
            return ""


RULES: list[Rule] = [
    imports_point_down,
    libraries_have_their_floor,
    the_model_needs_the_standard_library_only,
    only_the_command_knows_its_surroundings,
    every_task_has_a_name,
]


def module_of(path: Path) -> str:
    parts = path.relative_to(SRC.parent).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


MODULES = {module_of(path): path for path in sorted(SRC.rglob("*.py"))}


def offences(rule: Rule, module: str, source: str) -> list[str]:
    return list(rule(module, ast.parse(source)))


@pytest.mark.parametrize(
    "rule",
    RULES,
)
def test_every_module_keeps_the_rules_of_the_house(rule: Rule) -> None:
    broken = {
        module: found for module, path in MODULES.items() if (found := offences(rule, module, path.read_text("utf-8")))
    }
    assert broken == {}


def test_every_package_of_the_house_is_looked_at() -> None:
    rooms = {room(module) for module in MODULES} - {""}
    assert rooms == {*FLOORS, SIDE}
    assert len(MODULES) > 50


@pytest.mark.parametrize(
    ("rule", "module", "source"),
    [
        (imports_point_down, "allup.model.x", "from allup.lists.line import parse_line"),
        (imports_point_down, "allup.lists.x", "import allup.http.client"),
        (imports_point_down, "allup.http.x", "from allup.run import turns"),
        (imports_point_down, "allup.run.x", "def f():\n    from allup.report.lines import Lines"),
        (imports_point_down, "allup.report.x", "from allup.live.display import Display"),
        (imports_point_down, "allup.live.x", "from ..cli import main"),
        (imports_point_down, "allup.run.x", "from allup import checking"),
        (imports_point_down, "allup.run.x", "import allup"),
        (imports_point_down, "allup.run.x", "from .. import report"),
        (imports_point_down, "allup.http.x", "if TYPE_CHECKING:\n    from allup.run.client import Client"),
        (imports_point_down, "allup.lab.x", "from allup.lists.line import parse_line"),
        (imports_point_down, "allup.report.x", "from allup.lab.server import Lab"),
        (imports_point_down, "allup.cli.x", "from allup.unheard_of import anything"),
        (libraries_have_their_floor, "allup.run.x", "import aiohttp"),
        (libraries_have_their_floor, "allup.cli.x", "from aiohttp import ClientSession"),
        (libraries_have_their_floor, "allup.lab.x", "import aiohttp"),
        (libraries_have_their_floor, "allup.lab.x", "from aiohttp import ClientSession"),
        (libraries_have_their_floor, "allup.cli.x", "from aiohttp import web"),
        (libraries_have_their_floor, "allup.run.x", "from rich.console import Console"),
        (libraries_have_their_floor, "allup.report.x", "import typer"),
        (libraries_have_their_floor, "allup.cli.x", "import click"),
        (libraries_have_their_floor, "allup.cli.x", "import sqlite3"),
        (libraries_have_their_floor, "allup.run.x", "from prometheus_client import Counter"),
        (the_model_needs_the_standard_library_only, "allup.model.x", "from yarl import URL"),
        (the_model_needs_the_standard_library_only, "allup.model.x", "def f():\n    import ada_url"),
        (only_the_command_knows_its_surroundings, "allup.report.x", "import os\nos.environ['NO_COLOR']"),
        (only_the_command_knows_its_surroundings, "allup.http.x", "from os import environ"),
        (only_the_command_knows_its_surroundings, "allup.http.x", "import os\nos.getenv('HTTPS_PROXY')"),
        (only_the_command_knows_its_surroundings, "allup.lists.x", "import sys\nsys.argv[1:]"),
        (only_the_command_knows_its_surroundings, "allup.live.x", "stream.isatty()"),
        (only_the_command_knows_its_surroundings, "allup.live.x", "import os\nos.isatty(1)"),
        (every_task_has_a_name, "allup.run.x", "asyncio.create_task(work())"),
        (every_task_has_a_name, "allup.cli.x", "group.create_task(work(), context=context)"),
        (every_task_has_a_name, "allup.cli.x", "from asyncio import create_task\ncreate_task(work())"),
        (every_task_has_a_name, "allup.cli.x", "asyncio.ensure_future(work())"),
    ],
)
def test_an_offence_is_seen(rule: Rule, module: str, source: str) -> None:
    assert len(offences(rule, module, source)) == 1


@pytest.mark.parametrize(
    ("module", "source"),
    [
        ("allup.model.x", "import json\nfrom allup.model.target import Target\nfrom allup.version import __version__"),
        ("allup.run.x", "def f():\n    from allup.http.client import open_client"),
        ("allup.http.x", "import aiohttp\nfrom aiohttp.connector import Connection\nfrom yarl import URL"),
        ("allup.live.x", "from allup.report.printable import printable\nfrom rich.text import Text"),
        ("allup.lab.x", "from aiohttp import web\nfrom aiohttp.web_protocol import RequestHandler"),
        ("allup.lab.x", "import aiohttp.web\nfrom allup.lab.house import House\nfrom allup.model.target import Target"),
        (
            "allup.cli.x",
            "import os, sys, typer, rich\nfrom allup.lab.server import Lab\nos.environ, sys.argv, os.isatty",
        ),
        ("allup.report.x", "environment.stdout_is_terminal, environ"),
        ("allup", "from allup.run.checking import checking"),
        ("allup.__main__", "from allup.cli.main import run"),
        ("allup.run.x", "asyncio.create_task(work(), name='allup-work')\nfactories[0]()"),
    ],
)
def test_what_the_house_allows_is_no_offence(module: str, source: str) -> None:
    assert [offence for rule in RULES for offence in offences(rule, module, source)] == []
