"""Text of others as XML 1.0: only characters that XML takes, and in ASCII, whatever the stream's encoding is."""

from html import escape

from allup.report.printable import printable


def xml_text(text: str) -> str:
    """Return `text` as character data, on one line."""
    return _ascii(escape(printable(text), quote=False))


def xml_attributes(**values: object) -> str:
    """Return the attributes, a space before each; those that are None are left out."""
    return "".join(f' {name}="{_value(value)}"' for name, value in values.items() if value is not None)


def _value(value: object) -> str:
    return _ascii(escape(printable(str(value))))


def _ascii(text: str) -> str:
    return text.encode("ascii", "xmlcharrefreplace").decode()
