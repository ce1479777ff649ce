"""The README's pictures show what the program draws today."""

import re
from pathlib import Path

import pytest

from pictures.canvas import words
from pictures.draw import HERE, pictures

README = Path(__file__).parents[2] / "README.md"
SHOWN = re.findall(r"!\[([^\]]*)\]\((tests/pictures/[^)]+)\)", README.read_text(encoding="utf-8"))


@pytest.fixture(scope="module")
def drawn() -> dict[str, str]:
    return pictures()


def test_a_picture_says_what_is_drawn_today(drawn: dict[str, str]) -> None:
    stale = [name for name, svg in drawn.items() if words(svg) != words((HERE / name).read_text(encoding="utf-8"))]
    assert stale == [], "draw them anew: PYTHONPATH=tests python -m pictures.draw"


def test_the_bars_of_a_comparison_are_those_that_are_drawn_today(drawn: dict[str, str]) -> None:
    assert (HERE / "concurrency.svg").read_text(encoding="utf-8") == drawn["concurrency.svg"], (
        "draw it anew: PYTHONPATH=tests python -m pictures.draw"
    )


def test_drawing_twice_gives_the_same(drawn: dict[str, str]) -> None:
    assert pictures() == drawn


def test_the_readme_shows_every_picture_and_says_what_is_on_it(drawn: dict[str, str]) -> None:
    assert {Path(path).name for _, path in SHOWN} == set(drawn)
    assert all(len(alternative) > 40 for alternative, _ in SHOWN)


@pytest.mark.parametrize("picture", sorted(HERE.glob("*.svg")), ids=lambda picture: picture.name)
def test_a_picture_loads_nothing_from_elsewhere(picture: Path) -> None:
    outside_of_text = re.sub(r"<(text|title)[^>]*>[^<]*</\1>", "", picture.read_text(encoding="utf-8"))
    assert set(re.findall(r"https?:[^\s\"')<]+|@import|@font-face", outside_of_text)) == {"http://www.w3.org/2000/svg"}
