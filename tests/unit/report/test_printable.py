"""Nothing that others wrote can act upon a terminal or break a line."""

import json
import sys
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from allup.report.json_text import json_text
from allup.report.printable import ACTIVE, is_plain, printable, shortened

ANY_TEXT = st.text(st.characters(codec=None))
HOSTILE = "\x1b[2J\x07\x7f\x9b\u202e\u2066\u200b\u2028\ufeff\U000e0041\ud800"


@pytest.mark.parametrize(
    ("raw", "shown"),
    [
        ("\x1b[31m", r"\x1b[31m"),
        ("\u202egpj", r"\u202egpj"),
        ("a\tb\r\nc", r"a\tb\r\nc"),
        ("\x9b\x7f", r"\x9b\x7f"),
        ("\ud800", r"\ud800"),
        ("\U000e0041", r"\U000e0041"),
        ("a\u2028b", r"a\u2028b"),
    ],
)
def test_harmful_characters_become_visible_escapes(raw: str, shown: str) -> None:
    assert printable(raw) == shown


@pytest.mark.parametrize("text", ["https://example.org/ä?q=日本", "[bold]x[/bold]", "back\\slash", "✔ 🎉"])
def test_harmless_text_stays_as_it_is(text: str) -> None:
    assert printable(text) == text


def test_no_character_that_is_searched_for_is_plain() -> None:
    everything = "".join(map(chr, range(sys.maxunicode + 1)))
    assert not [found for found in ACTIVE.findall(everything) if is_plain(found)]
    assert not is_plain("##[error]")
    assert is_plain("https://example.org/ä?q=日本 [#1]")


@given(ANY_TEXT)
def test_any_text_becomes_one_encodable_line_without_controls(text: str) -> None:
    shown = printable(text)
    assert shown.encode("utf-8").decode() == shown
    assert len(shown.splitlines()) <= 1
    assert not any(unicodedata.category(character) in {"Cc", "Cs"} for character in shown)
    assert printable(shown) == shown


@given(ANY_TEXT.filter(lambda text: not any("\ud800" <= character <= "\udfff" for character in text)))
def test_json_text_is_the_same_data_when_parsed(text: str) -> None:
    assert json.loads(json_text({text: [text]})) == {text: [text]}


@given(ANY_TEXT)
def test_json_text_is_always_one_encodable_harmless_line(text: str) -> None:
    written = json_text(text)
    assert written.encode("utf-8")
    assert printable(written) == written


def test_json_text_leaves_nothing_for_a_terminal_to_act_upon() -> None:
    written = json_text(HOSTILE)
    assert written.isascii()
    assert json.loads(written) == HOSTILE


def test_json_text_keeps_letters_readable() -> None:
    assert json_text("grün 日本") == '"grün 日本"'


def test_long_text_is_cut_and_says_by_how_much() -> None:
    assert shortened("x" * 12, 10) == "x" * 10 + "... (2 more characters)"
    assert shortened("x" * 10, 10) == "x" * 10
