"""How is XML written so that it is canonical by construction?

Everything here gives text that Canonical XML 1.0 (W3C Recommendation 15 March 2001) would leave as it
is: attributes in order, start and end tags always, LF alone, the escapes of section 2.3. Element and
attribute names are ASCII; nothing has a prefix. ADR 0035.
"""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal
from typing import overload

# What XML 1.0 (section 2.2) cannot carry, as bytes of UTF-8: controls, and U+FFFE and U+FFFF.
_CONTROLS = bytes(set(range(0x20)) - set(b"\t\n\r"))
_NOT_CONTROLS = bytes(set(range(256)) - set(_CONTROLS))
_NONCHARACTERS = (b"\xef\xbf\xbe", b"\xef\xbf\xbf")


class UnwritableText(ValueError):
    """A fact holds a character that no XML file can carry. Commands refuse such texts (s. 22)."""


class Tag:
    """One element's name. Attributes are given by name, with "_" for "-"; None leaves one out.

    A trailing "_" is dropped, so that `class_` can be said in Python.
    """

    __slots__ = ("_templates", "end", "name")

    def __init__(self, name: str) -> None:
        self.name = name
        self.end = f"</{name}>\n"
        self._templates: dict[tuple[str, ...], str] = {}

    def start(self, **values: str | None) -> str:
        """The start tag alone."""
        if None in values.values():
            values = {name: value for name, value in values.items() if value is not None}
        joined = "".join(values.values())  # type: ignore[arg-type]
        if _special(joined):
            values = {name: attribute(value) for name, value in values.items() if value is not None}
        shape = tuple(values)
        return (self._templates.get(shape) or self._template(shape)) % values

    def whole(self, **values: str | None) -> str:
        """An element with nothing inside, on a line of its own."""
        return self.start(**values) + self.end

    def block(self, **values: str | None) -> str:
        """A start tag with further elements on the next lines."""
        return self.start(**values) + "\n"

    def text(self, content: str, **values: str | None) -> str:
        """An element that holds a text, on a line of its own."""
        return self.start(**values) + text(content) + self.end

    def row(self, *shape: str) -> str:
        """A template for `%` of a start tag with these attributes, which must be in canonical order.

        For the elements that come by the thousand. Values must be Escaped, unless they are numbers, days,
        moments or keys, which need no escaping. The value of a name that ends in "?" is `optional(...)`.
        """
        names = [name.rstrip("?") for name in shape]
        if names != sorted(names):
            raise ValueError(f"{self.name}: attributes out of order: {shape}")
        return "".join(
            [f"<{self.name}", *("%s" if name.endswith("?") else f' {name}="%s"' for name in shape), ">"]
        )

    def row_whole(self, *shape: str) -> str:
        """The same for an element with nothing inside, on a line of its own."""
        return self.row(*shape) + self.end

    def _template(self, shape: tuple[str, ...]) -> str:
        spelled = sorted((name.rstrip("_").replace("_", "-"), name) for name in shape)
        made = "".join([f"<{self.name}", *(f' {name}="%({key})s"' for name, key in spelled), ">"])
        self._templates[shape] = made
        return made


class Escaped(dict[str, str]):
    """Texts as they stand between quotation marks; each is escaped once in a document."""

    def __missing__(self, value: str) -> str:
        escaped = self[value] = attribute(value) if _special(value) else value
        return escaped


def optional(name: str, value: str | None) -> str:
    """An attribute that may be missing, for Tag.row; `value` is Escaped."""
    return "" if value is None else f' {name}="{value}"'


def _special(joined: str) -> bool:
    return (
        "&" in joined or "<" in joined or '"' in joined or "\n" in joined or "\t" in joined or "\r" in joined
    )


def attribute(value: str) -> str:
    """A text between quotation marks (C14N 2.3: & < " and TAB, LF, CR; ">" stands as it is)."""
    value = value.replace("&", "&amp;").replace("<", "&lt;").replace('"', "&quot;")
    return value.replace("\t", "&#x9;").replace("\n", "&#xA;").replace("\r", "&#xD;")


def text(content: str) -> str:
    """A text between tags (C14N 2.3: & < > and CR)."""
    content = content.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    return content.replace("\r", "&#xD;")


def encode(written: str) -> bytes:
    """UTF-8 bytes. Raises UnwritableText on what no XML file can carry."""
    try:
        data = written.encode()
    except UnicodeEncodeError as fault:  # half of a surrogate pair
        raise UnwritableText(f"U+{ord(written[fault.start]):04X}") from fault
    if data.translate(None, _NOT_CONTROLS):
        raise UnwritableText(f"U+{data.translate(None, _NOT_CONTROLS)[0]:04X}")
    for bad in _NONCHARACTERS:
        if bad in data:
            raise UnwritableText(f"U+{ord(bad.decode()):04X}")
    return data


def moment(at: datetime) -> str:
    """An instant in UTC with microseconds, always of the same length (xs:dateTime)."""
    return at.astimezone(UTC).replace(tzinfo=None).isoformat(timespec="microseconds") + "Z"


def day(on: date | None) -> str | None:
    """A school-local day (xs:date)."""
    return None if on is None else on.isoformat()


@overload
def number(value: Decimal | int) -> str: ...


@overload
def number(value: Decimal | int | None) -> str | None: ...


def number(value: Decimal | int | None) -> str | None:
    """A number with the digits it was recorded with, never with an exponent (xs:decimal)."""
    if value is None:
        return None
    written = str(value)
    return format(value, "f") if "E" in written else written


def flag(value: bool) -> str:
    """xs:boolean in its canonical form."""
    return "true" if value else "false"
