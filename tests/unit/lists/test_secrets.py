"""Secrets in lists: known as such from where they stand, and written nowhere."""

from hypothesis import given, settings
from hypothesis import strategies as st

from allup.lists.line import LineDefaults, format_line, parse_line
from allup.model.target import InvalidTarget, Origin, Target

NO_FLAGS = LineDefaults(variables={})
HERE = Origin(source="urls.txt", line=1)


@settings(deadline=None, max_examples=200)
@given(
    secret=st.text(st.characters(categories=["L", "N"]), min_size=8, max_size=12).map(lambda text: f"S3CR{text}"),
    form=st.sampled_from(
        [
            "h.example header='Authorization: Bearer {}'",
            "h.example header='Cookie: a={}'",
            "h.example header='X-Api-Key: {}'",
            "h.example data='password={}&x=1'",
            'h.example data=\'{{"token": "{}"}}\'',
            "https://u:{}@h.example/",
            "h.example location=https://u:{}@h.example/",
        ]
    ),
)
def test_a_secret_is_not_written_out_and_what_is_left_is_not_sent(secret: str, form: str) -> None:
    target = parse_line(form.format(secret), NO_FLAGS, HERE)
    assert isinstance(target, Target), target
    line = format_line(target)
    assert secret not in line
    assert secret not in repr(target)
    if "${REDACTED}" in line:
        assert isinstance(parse_line(line, NO_FLAGS, HERE), InvalidTarget)
