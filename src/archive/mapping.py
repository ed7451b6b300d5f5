"""How do class registers of an archive become documents of another schema, such as the ministry's own?

The regulation (s. 21(4a)) asks for an export by a schema that the ministry publishes; it was not to be had.
The seam is a stylesheet (XSLT 1.0) from our published format to theirs, and their schema: both are files that
are given, so that a new year's schema needs no new release. What is mapped is a checked archive: signature
and figures stay where they are, and the other document follows from them.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from lxml import etree

from dziennik.archive.bagging import put

SOURCE = "class-register-2.xml"


class NotMapped(ValueError):
    """A stylesheet or schema that cannot be used, or a document that does not fit the schema."""


class Target:
    """Another schema for class registers: how to get there, and how to know that one has."""

    def __init__(self, stylesheet: Path, schema: Path) -> None:
        """Raises NotMapped, OSError. A stylesheet reads nothing but the register, and writes nothing."""
        parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False)
        nothing = etree.XSLTAccessControl.DENY_ALL  # type: ignore[attr-defined]
        try:
            sheet = etree.fromstring(stylesheet.read_bytes(), parser)
            self._transform = etree.XSLT(sheet, access_control=nothing)
            self._schema = etree.XMLSchema(etree.parse(str(schema), parser))
        except etree.LxmlError as fault:
            raise NotMapped(str(fault)) from fault

    def mapped(self, register: bytes) -> bytes:
        """The register as a document of the other schema. Raises NotMapped with line and reason."""
        try:
            made = self._transform(etree.fromstring(register, etree.XMLParser(resolve_entities=False)))
            self._schema.assertValid(made)
        except etree.LxmlError as fault:
            raise NotMapped(str(fault)) from fault
        return bytes(etree.tostring(made, xml_declaration=True, encoding="UTF-8"))


def map_bag(bag: Path, target: Target, out: Path) -> Iterator[Path]:
    """Write one document for each class of a bag's folder; their places. Raises NotMapped, OSError."""
    registers = sorted((bag / "data" / "classes").glob(f"*/{SOURCE}"))
    if not registers:
        raise NotMapped(f"{bag}: no {SOURCE}")
    out.mkdir(parents=True, exist_ok=True)
    for register in registers:
        place = out / f"{register.parent.name}.xml"
        put(place, target.mapped(register.read_bytes()))
        yield place
