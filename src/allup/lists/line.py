"""One line of a text list: ``URL [OPTION=VALUE]... [# comment]``."""

from functools import lru_cache
from typing import Final

from allup.lists.details import Details, LineDefaults
from allup.lists.host import userinfo_of
from allup.lists.options import read_options
from allup.lists.port import of_port, parse_url_or_port
from allup.lists.redaction import encodable, printable_line
from allup.lists.template import HOLE, Template
from allup.lists.url import REDACTED_PASSWORD, Url
from allup.lists.words import BadWord, quoted, split_words
from allup.model.harmful import HARMFUL
from allup.model.target import Entry, InvalidTarget, Origin, Target

__all__ = ["LineDefaults", "format_line", "invalid", "listed_url", "parse_argument", "parse_line", "target_of"]

_Said = tuple[Details, tuple[tuple[str, str], ...]]
_LONGEST_REMEMBERED: Final = 256
"""Characters of options; many lines have the same few."""


def parse_line(text: str, defaults: LineDefaults, origin: Origin) -> Entry | None:
    """Return the target that `text` is, why it is none, or None for a blank line or a comment.

    The URL is the first word, taken raw; only the options after it are quoted.
    """
    words = text.split(None, 1)
    if not words or words[0].startswith("#"):
        return None
    try:
        if len(words) == 1 or words[1].startswith("#"):
            return _plain_target(words[0], defaults, origin)
        return _target_with_options(text, words[0], len(text) - len(words[1]), defaults, origin)
    except BadWord as error:
        return invalid(text, str(error), origin, column=error.column)
    except ValueError as error:
        return invalid(text, str(error), origin)


def parse_argument(text: str, defaults: LineDefaults, origin: Origin) -> Entry:
    """Return the target that `text`, a URL as a whole, is, or why it is none."""
    try:
        return _plain_target(text, defaults, origin)
    except ValueError as error:
        return invalid(text, str(error), origin)


def format_line(target: Target) -> str:
    """Return a line that `parse_line` reads as `target`, options in force included, on any defaults but its own.

    A secret is not in it, and where there is one the line is refused when it is read.
    """
    url = HARMFUL.sub(lambda match: "".join(f"%{byte:02X}" for byte in match[0].encode()), listed_url(target))
    return " ".join([url, *(f"{option}={quoted(Template.parse(text))}" for option, text in target.options)])


def listed_url(target: Target) -> str:
    """Return the URL of `target` as it was listed, `REDACTED_PASSWORD` in the place of a password."""
    if ":" not in userinfo_of(target.href):
        return target.url
    user, _, rest = target.url.partition("@")
    return f"{user}{REDACTED_PASSWORD}@{rest}"


def invalid(
    text: str, reason: str, origin: Origin, *, hint: str | None = None, column: int | None = None
) -> InvalidTarget:
    """Return the entry of a line that is no target, without the secrets in its text and in the reason."""
    return InvalidTarget(
        text=printable_line(encodable(text.strip())),
        reason=printable_line(reason),
        hint=hint,
        origin=origin,
        column=column,
    )


def _plain_target(text: str, defaults: LineDefaults, origin: Origin) -> Target:
    url = parse_url_or_port(text, defaults)
    target = Target(
        url=url.listed,
        href=url.href,
        host=url.host,
        origin=origin,
        request=defaults.request,
        expectation=defaults.expectation,
        options=defaults.options,
    )
    return of_port(target) if defaults.ports else target


def _target_with_options(text: str, word: str, start: int, defaults: LineDefaults, origin: Origin) -> Target:
    if HOLE in text:
        raise ValueError("a NUL in the line")
    url = parse_url_or_port(word, defaults)
    return target_of(url, _said(text, start, defaults, url.href), origin)


def _said(text: str, start: int, defaults: LineDefaults, href: str) -> _Said:
    if len(text) - start <= _LONGEST_REMEMBERED:
        try:
            return _remembered(text[start:], defaults)
        except ValueError:
            pass  # of which URL, or in which column, it does not know
    return read_options(split_words(text, start), defaults, href)


@lru_cache(256)
def _remembered(options: str, defaults: LineDefaults) -> _Said:
    # No relative URL holds on an empty one: so what is said does not depend on the line's own.
    return read_options(split_words(options), defaults, "")


def target_of(url: Url, said: _Said, origin: Origin) -> Target:
    """Return the target of `url` with what `read_options` has `said` of it; raises ValueError."""
    details, options = said
    target = Target(
        url=url.listed,
        href=url.href,
        host=url.host,
        name=details.name,
        group=details.group,
        origin=origin,
        request=details.request,
        expectation=details.expectation,
        options=options,
    )
    return of_port(target, details.given)
