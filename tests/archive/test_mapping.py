"""A class register becomes a document of somebody else's schema, by a stylesheet that is given."""

from __future__ import annotations

from pathlib import Path

import pytest
from lxml import etree
from typer.testing import CliRunner

from dziennik.archive.mapping import NotMapped, Target
from dziennik.cli.archiving import app
from tests.archive.golden_bag import bag

XSD = b"""<xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema"><xs:element name="dziennik"><xs:complexType>
  <xs:sequence><xs:element name="uczen" maxOccurs="unbounded"><xs:complexType>
    <xs:attribute name="nazwisko" use="required"/>
    <xs:attribute name="oceny" type="xs:integer" use="required"/>
  </xs:complexType></xs:element></xs:sequence><xs:attribute name="oddzial" use="required"/>
</xs:complexType></xs:element></xs:schema>"""
XSL = """<xsl:stylesheet version="1.0" xmlns:xsl="http://www.w3.org/1999/XSL/Transform"
    xmlns:r="urn:dziennik:class-register:2" exclude-result-prefixes="r">
  <xsl:template match="/r:class-register"><dziennik oddzial="{@class}"><xsl:for-each select="//r:pupil">
    <uczen nazwisko="{r:name[last()]/r:family-name}"
      oceny="{count(//r:pupil-grades[@pupil=current()/@PUPIL]/r:grade)}"/>
  </xsl:for-each></dziennik></xsl:template></xsl:stylesheet>"""


@pytest.fixture
def files(tmp_path: Path) -> tuple[Path, Path]:
    stylesheet, schema = tmp_path / "their.xsl", tmp_path / "their.xsd"
    stylesheet.write_text(XSL.replace("PUPIL", "id"))
    schema.write_bytes(XSD)
    return stylesheet, schema


def test_every_class_is_mapped_and_fits_the_schema(tmp_path: Path, files: tuple[Path, Path]) -> None:
    stylesheet, schema = files
    command = ["map", str(bag(1)), "--stylesheet", str(stylesheet), "--schema", str(schema)]
    done = CliRunner().invoke(app, [*command, "--out", str(tmp_path / "out")])
    assert done.exit_code == 0, done.output
    made = etree.parse(str(tmp_path / "out" / "4a.xml")).getroot()
    assert (made.tag, made.get("oddzial")) == ("dziennik", "4a")
    ours = etree.parse(str(bag(1) / "data/classes/4a/class-register-2.xml"))
    names = {"r": "urn:dziennik:class-register:2"}
    assert [one.get("nazwisko") for one in made] == ours.xpath(
        "//r:pupil/r:name[last()]/r:family-name/text()", namespaces=names
    )
    assert sum(int(one.get("oceny") or 0) for one in made) == ours.xpath("count(//r:grade)", namespaces=names)


def test_what_does_not_fit_is_told_and_not_written(tmp_path: Path, files: tuple[Path, Path]) -> None:
    stylesheet, schema = files
    schema.write_bytes(XSD.replace(b'name="nazwisko"', b'name="imie"'))
    with pytest.raises(NotMapped, match=r"nazwisko.*not allowed"):
        Target(stylesheet, schema).mapped((bag(1) / "data/classes/4a/class-register-2.xml").read_bytes())
    command = ["map", str(bag(1)), "--stylesheet", str(stylesheet), "--schema", str(schema)]
    done = CliRunner().invoke(app, [*command, "--out", str(tmp_path / "out")])
    assert done.exit_code == 1
    assert not list((tmp_path / "out").glob("*"))


def test_a_stylesheet_reads_no_other_file(tmp_path: Path, files: tuple[Path, Path]) -> None:
    stylesheet, schema = files
    (tmp_path / "secret.xml").write_text("<secret>s</secret>")
    text = XSL.replace("{@class}", f"{{document('{tmp_path}/secret.xml')/secret}}")
    stylesheet.write_text(text.replace("PUPIL", "id"))
    with pytest.raises(NotMapped):
        Target(stylesheet, schema).mapped((bag(1) / "data/classes/4a/class-register-2.xml").read_bytes())
    stylesheet.write_text("<no stylesheet")
    with pytest.raises(NotMapped):
        Target(stylesheet, schema)
