"""The links of a document, as targets: those that HTTP is spoken to, each where it stands."""

from typing import Final

from allup.lists.details import LineDefaults
from allup.lists.line import invalid, parse_argument
from allup.lists.url import BadUrl, join_url
from allup.model.target import Entry, Origin

_HTTP: Final = ("http:", "https:")


class Links:
    """Makes targets of the links of one document; relative ones refer to `base`, and without it they are left out.

    A link to another scheme (mailto:, tel:, data:) or into the document itself asks for nothing.
    """

    def __init__(self, name: str, defaults: LineDefaults, base: str | None) -> None:
        self._name = name
        self._defaults = defaults
        self.base = base

    def rebase(self, href: str) -> None:
        """Have relative links refer to `href`, as a base element says."""
        try:
            self.base = href if self.base is None else join_url(self.base, href).href
        except BadUrl:
            return
        if not self.base.lower().startswith(_HTTP):
            self.base = None

    def entry(self, link: str, line: int) -> Entry | None:
        """Return what `link` asks for, None for nothing."""
        link = "".join(link.split("\n")).strip()
        if not link or link.startswith("#"):
            return None
        origin = Origin(source=self._name, line=line)
        if "\ufffd" in link:
            return invalid(link, "not UTF-8, nor in the charset that the document declares", origin)
        if self.base is None and link.startswith("//"):
            link = f"https:{link}"
        if link.lower().startswith(_HTTP):
            return parse_argument(link, self._defaults, origin)
        if _has_scheme(link) or self.base is None:
            return None
        try:
            absolute = join_url(self.base, link)
        except BadUrl as error:
            return invalid(link, str(error), origin)
        return parse_argument(absolute.href, self._defaults, origin)


def _has_scheme(link: str) -> bool:
    scheme, colon, _ = link.partition(":")
    return bool(colon) and scheme.isascii() and scheme.replace("+", "").replace("-", "").replace(".", "").isalnum()
