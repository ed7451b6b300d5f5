"""How is XML by strangers read without trusting it?

No document type, no entities, no comments, no processing instructions, nothing from the network, and bounded
depth and size by libxml2's own limits. Elements are then asked for exactly the children and attributes that
are expected; anything beyond them is a fault with its line.
"""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Iterator

from lxml import etree

from dziennik.bagcheck.findings import Fault

NOT_XML = Fault(
    "XML.NOT_WELL_FORMED",
    pl="To nie jest poprawny plik XML: {what}.",
    en="This is not a well-formed XML file: {what}.",
)
FORBIDDEN = Fault(
    "XML.FORBIDDEN",
    pl="Niedozwolone w archiwum: {what}.",
    en="Not allowed in an archive: {what}.",
)
UNEXPECTED = Fault(
    "XML.UNEXPECTED",
    pl="Tego tu nie powinno być: {what}.",
    en="This should not be here: {what}.",
)
MISSING = Fault("XML.MISSING", pl="Brakuje: {what}.", en="This is missing: {what}.")
NOT_BASE64 = Fault("XML.NOT_BASE64", pl="To nie jest tekst base64.", en="This is not base64.")

_SPACE = re.compile(r"[\t\n\r ]+")
_DECLARATION = re.compile(rb"<!(?!--|\[CDATA\[)")


def parse(data: bytes, place: str, *, huge: bool = False) -> etree._Element:
    """The root element. Raises Wrong; `huge` lifts libxml2's limit on the length of texts, for our own
    files."""
    if _DECLARATION.search(data):
        raise FORBIDDEN(place, what="DOCTYPE")
    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, load_dtd=False, huge_tree=huge, remove_comments=False
    )
    try:
        root = etree.fromstring(data, parser)
    except (etree.XMLSyntaxError, ValueError) as fault:
        raise NOT_XML(place, what=str(fault)) from fault
    if root.getroottree().docinfo.internalDTD is not None:
        raise FORBIDDEN(place, what="DOCTYPE")
    for outside in (*root.itersiblings(preceding=True), *root.itersiblings()):
        raise FORBIDDEN(line_of(place, outside), what="<!-- --> <? ?>")
    for node in root.iter(etree.Comment, etree.PI, etree.Entity):
        raise FORBIDDEN(line_of(place, node), what="<!-- --> <? ?> &;")
    return root


def line_of(place: str, element: etree._Element) -> str:
    """Where an element stands: the file and its line."""
    return f"{place}:{element.sourceline}"


class Reading:
    """One element, read strictly. What was not asked for by `done()` is a fault."""

    def __init__(self, element: etree._Element, place: str) -> None:
        self.element = element
        self.place = line_of(place, element)
        self._file = place
        self._children: Iterator[etree._Element] = iter(element)
        self._next: etree._Element | None = next(self._children, None)
        self._attributes = {str(name): str(value) for name, value in element.attrib.items()}
        texts = [element.text, *(child.tail for child in element)]
        if len(element) and any(text and text.strip("\t\n\r ") for text in texts):
            raise UNEXPECTED(self.place, what="text")

    def child(self, name: str) -> Reading:
        """The next child, which must be called so."""
        found = self.maybe(name)
        if found is None:
            raise MISSING(self.place, what=name)
        return found

    def maybe(self, name: str) -> Reading | None:
        """The next child if it is called so."""
        if self._next is None or self._next.tag != name:
            return None
        found, self._next = self._next, next(self._children, None)
        return Reading(found, self._file)

    def all(self, name: str) -> list[Reading]:
        """The next children as long as they are called so."""
        found = []
        while (one := self.maybe(name)) is not None:
            found.append(one)
        return found

    def attribute(self, name: str) -> str:
        """An attribute that must be there."""
        value = self._attributes.pop(name, None)
        if value is None:
            raise MISSING(self.place, what=f"@{name}")
        return value

    def maybe_attribute(self, name: str) -> str | None:
        return self._attributes.pop(name, None)

    def text(self) -> str:
        """The text of an element without children; ends the reading of it."""
        self.done()
        if len(self.element):
            raise UNEXPECTED(self.place, what=str(self.element[0].tag))
        return self.element.text or ""

    def base64(self) -> bytes:
        """The bytes of a text in base64, line breaks allowed."""
        try:
            return base64.b64decode(_SPACE.sub("", self.text()), validate=True)
        except (binascii.Error, ValueError) as fault:
            raise NOT_BASE64(self.place) from fault

    def skip(self) -> None:
        """Leave this element and all below it unread: it means nothing here."""
        self._next, self._attributes = None, {}

    def done(self) -> Reading:
        """Nothing else may be in this element."""
        if self._next is not None:
            raise UNEXPECTED(line_of(self._file, self._next), what=str(self._next.tag))
        if self._attributes:
            raise UNEXPECTED(self.place, what=f"@{min(self._attributes)}")
        return self
