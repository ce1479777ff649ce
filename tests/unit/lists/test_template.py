import pytest
from hypothesis import given
from hypothesis import strategies as st

from allup.lists.template import Template
from allup.lists.words import quoted, split_words
from allup.model.harmful import HARMFUL

_VARIABLES = {"A": "one", "B_2": "two ${A} \\ '\"", "EMPTY": ""}
_TEXT = st.text(alphabet=st.characters(exclude_characters="\0"))
_TRICKY = st.text(alphabet="a ${}\\'\"#=\n\x1b\u202e")
_NAMES = st.sampled_from(sorted(_VARIABLES))


@st.composite
def templates(draw: st.DrawFn) -> Template:
    literals = draw(st.lists(_TEXT | _TRICKY, min_size=1, max_size=4))
    names = tuple(draw(_NAMES) for _ in literals[1:])
    return Template("\0".join(literals), names)


@pytest.mark.parametrize(
    ("text", "expanded"),
    [
        ("", ""),
        ("plain $ text $5 $A", "plain $ text $5 $A"),
        ("${A}", "one"),
        ("<${A}-${EMPTY}-${B_2}>", "<one--two ${A} \\ '\">"),
        (r"\${A}", "${A}"),
        (r"\\${A}", r"\one"),
        (r"\\\${A}", r"\${A}"),
        (r"a\b", r"a\b"),
    ],
)
def test_variables_are_filled_in_once(text: str, expanded: str) -> None:
    assert Template.parse(text).expand(_VARIABLES) == expanded


def test_a_variable_that_is_not_set_is_named() -> None:
    with pytest.raises(ValueError, match=r"\$\{NOT_THERE\} is not set in the environment"):
        Template.parse("x${NOT_THERE}").expand(_VARIABLES)


@pytest.mark.parametrize("text", ["${", "${}", "${1A}", "${A:-b}", "a ${A", "${A b}"])
def test_what_begins_no_variable_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="write \\$\\{NAME\\}"):
        Template.parse(text)


@given(templates())
def test_what_is_written_is_read_as_the_same(template: Template) -> None:
    assert Template.parse(str(template)) == template


@given(templates())
def test_a_quoted_word_is_read_as_the_same_on_one_harmless_line(template: Template) -> None:
    line = f"url name={quoted(template)} # and more"
    assert not HARMFUL.search(line)
    (word,) = split_words(line, 4)
    name, value = word.template.partition(4)
    assert (name.masked, value) == ("name", template)


@given(templates(), st.data())
def test_the_parts_hold_the_variables_of_the_whole(template: Template, data: st.DataObject) -> None:
    marked = Template(f"{template.masked}=", template.names)
    at = data.draw(st.sampled_from([i for i, character in enumerate(marked.masked) if character == "="]))
    before, after = marked.partition(at)
    assert f"{before.expand(_VARIABLES)}={after.expand(_VARIABLES)}" == marked.expand(_VARIABLES)


def test_only_what_a_shell_expands_is_a_variable() -> None:
    words = split_words(r"""n=${A} n="${A}" n='${A}' n=\${A} n="\${A}" n=$A n=$'${A}\n'""")
    assert [word.template.names for word in words] == [("A",), ("A",), (), (), (), (), ()]
    assert [word.template.expand(_VARIABLES) for word in words] == [
        *["n=one"] * 2,
        *["n=${A}"] * 3,
        "n=$A",
        "n=${A}\n",
    ]
