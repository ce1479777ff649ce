import pickle
import threading
import time

import pytest

from allup.lists.json_path import JsonPath, split_assignment
from allup.lists.pattern import RegularExpression
from allup.model.answer import TooDeep, TooSlow


def test_it_is_searched_anywhere() -> None:
    assert RegularExpression.parse("b+c").found_in("abbbcd")
    assert not RegularExpression.parse("^b").found_in("ab")


@pytest.mark.parametrize("text", ["(", "[", "a{2,1}", "(?P<a>", "(?<!a+b*", "*", "\\"])
def test_what_is_no_expression_says_why(text: str) -> None:
    with pytest.raises(ValueError, match="not a regular expression: "):
        RegularExpression.parse(text)


def test_a_slow_one_is_given_up_and_lets_others_go_on_meanwhile() -> None:
    expression = RegularExpression.parse("(?:(?:a|aa)+)+$")
    given_up: list[str] = []

    def search() -> None:
        with pytest.raises(TooSlow) as error:
            expression.found_in("a" * 10_000 + "!", patience_s=0.3)
        given_up.append(str(error.value))

    searching = threading.Thread(target=search)
    searching.start()
    steps = 0
    while searching.is_alive():
        time.sleep(0.001)
        steps += 1
    assert steps > 10
    assert given_up == ["the regular expression '(?:(?:a|aa)+)+$' was given up after 0.3s"]


def test_what_was_put_away_with_a_result_comes_back() -> None:
    expression = RegularExpression.parse("${X}b", "ab")
    assert pickle.loads(pickle.dumps(expression)).found_in("xab")
    query = JsonPath.parse("$.a", "$.a")
    assert pickle.loads(pickle.dumps(query)).values({"a": 1}) == [1]


@pytest.mark.parametrize(
    ("path", "values"),
    [
        ("$.a", [1]),
        ("$['b'][*].c", [2, 3]),
        ("$.b[?@.c > 2].c", [3]),
        ("$..c", [2, 3]),
        ("$.b[?search(@.d, 'x.z')].c", [2]),
        ("$.b[?match(@.d, 'x.z')].c", []),
        ("$.nothing", []),
    ],
)
def test_a_path_selects_by_the_standard(path: str, values: list[object]) -> None:
    document = {"a": 1, "b": [{"c": 2, "d": "wxyz"}, {"c": 3}]}
    assert JsonPath.parse(path, path).values(document) == values


def test_a_slow_expression_in_a_path_is_given_up() -> None:
    query = JsonPath.parse("p", "$[?search(@, '((a|aa)+)+!')]")
    with pytest.raises(TooSlow, match="the query 'p' was given up after 1s"):
        query.values(["a" * 10_000])


def test_a_deep_document_is_no_traceback() -> None:
    document: object = 1
    for _ in range(20_000):
        document = [document]
    with pytest.raises(TooDeep, match="nested too deeply"):
        JsonPath.parse("$..a", "$..a").values(document)


@pytest.mark.parametrize("text", ["", "a", "$.", "$[", "$[?", "$" + "[0" * 5_000, "$[?nope(@)]"])
def test_what_is_no_path_says_so(text: str) -> None:
    with pytest.raises(ValueError, match="not a JSONPath: "):
        JsonPath.parse(text, text)


@pytest.mark.parametrize(
    ("text", "path"),
    [
        ("$.a=b", "$.a"),
        ("$.a==b", "$.a"),
        ("$[?@.a == 'x=]'].b=c", "$[?@.a == 'x=]'].b"),
        ("""$["a=\\"=b"]=c""", """$["a=\\"=b"]"""),
        ("$[?(@.a==1)]=", "$[?(@.a==1)]"),
    ],
)
def test_the_path_ends_at_the_first_sign_outside_of_brackets(text: str, path: str) -> None:
    assert text[: split_assignment(text)] == path


def test_a_path_without_a_value_has_no_end() -> None:
    assert split_assignment("$[?@.a=1]") == -1
