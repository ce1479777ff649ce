"""The package as a library's user sees it."""

import subprocess
import sys

import pytest

import allup


@pytest.mark.parametrize("name", allup.__all__)
def test_every_name_is_there(name: str) -> None:
    assert getattr(allup, name) is not None
    assert name in dir(allup)


def test_a_name_that_is_not_there_is_told_as_ever() -> None:
    with pytest.raises(AttributeError, match="module 'allup' has no attribute 'chekcing'"):
        getattr(allup, "chekcing")  # noqa: B009 - a slip of the pen


def test_who_imports_it_imports_nothing_else_yet() -> None:
    script = "import sys, allup; print([name for name in sys.modules if name.startswith('allup.')])"
    ran = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert ran.stdout.strip() == "['allup.version']"
