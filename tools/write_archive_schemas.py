"""Write the schemas of format 2 of class registers and of books: `python -m tools.write_archive_schemas`.

Both are format 1 of class registers with a type for each further fact, made from the fact's own shape. Once
released they change no more: a fact that comes later then begins format 3 (ADR 0122).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path
from xml.sax.saxutils import quoteattr

import msgspec

from dziennik.archive.elements import Field, element_name, fields_of
from dziennik.archive.entitlement import ENTITLING
from dziennik.archive.entries import CONTEXTS
from dziennik.archive.folding import HANDLERS
from dziennik.contracts.facts import Fact
from dziennik.contracts.registry import FACTS

FOLDER = Path(__file__).parents[1] / "src" / "contracts" / "archive"
THE_DOCUMENT = "  <!-- The document -->\n"
ELSEWHERE = (
    "access",
    "accounts",
    "imports",
    "people",
    "archives",
    # What a school buys is no part of its registers; what accounts could do by it is.
    "entitlement",
    "offers",
    "agreement",
    "purchases",
    "bundles",
    "loyalty",
    "bank",
    "invoices",
)  # no school record of a year, or records about records


def facts_of_class_registers() -> list[type[Fact]]:
    """What stands among the further entries of a class register."""
    return [one for one in _current() if one not in HANDLERS and _context(one) in CONTEXTS]


def facts_of_books() -> list[type[Fact]]:
    """What may stand in a book: any entry of the school's year."""
    return [one for one in _current() if _context(one) not in ELSEWHERE or one in ENTITLING]


def class_register() -> str:
    """The schema of class registers, format 2."""
    text = _first_format().replace("urn:dziennik:class-register:1", "urn:dziennik:class-register:2")
    text = text.replace('version="1" xml:lang', 'version="2" xml:lang')
    text = text.replace("wersja formatu 1.", "wersja formatu 2: jak 1, a w „entries” wszystkie dalsze wpisy.")
    text = text.replace("format version 1.", 'format version 2: as 1, with all further entries in "entries".')
    text = text.replace(
        'type="xs:positiveInteger" use="required" fixed="1"',
        'type="xs:positiveInteger" use="required" fixed="2"',
    )
    people = '        <xs:element name="people" type="r:people"/>\n'
    text = text.replace(people, '        <xs:element name="entries" type="r:entries"/>\n' + people)
    rights = '      </xs:choice>\n      <xs:group ref="r:identity"/>\n'
    text = text.replace(rights, _LIMITS + rights)
    types, document = text.split(THE_DOCUMENT)
    return types + _entries(facts_of_class_registers()) + _CONTEXTS + THE_DOCUMENT + document


def book() -> str:
    """The schema of books, format 1: what a school records beside its classes' registers."""
    text = _first_format().replace("urn:dziennik:class-register:1", "urn:dziennik:book:1")
    head, _, types = text.partition("  <!-- Simple types -->\n")
    head = head[: head.index("  <xs:annotation>")] + _BOOK_NOTE
    types = types.split(THE_DOCUMENT)[0]
    return head + "  <!-- Simple types -->\n" + types + _entries(facts_of_books()) + _BOOK


def _first_format() -> str:
    return (FOLDER / "class-register-1.xsd").read_text(encoding="utf-8")


def _current() -> list[type[Fact]]:
    return [FACTS[name] for name in sorted(FACTS)]


def _context(fact: type[Fact]) -> str:
    return fact.fact_name.partition(".")[0]


def _entries(facts: Iterable[type[Fact]]) -> str:
    facts = list(facts)
    names = [element_name(one) for one in facts]
    if len(set(names)) != len(names):
        raise ValueError(f"two facts of one name: {sorted(names)}")
    shapes: dict[str, type[msgspec.Struct]] = {}
    for fact in facts:
        _collect(fact, shapes)
    parts = ["  <!-- Further entries: each fact by its own shape -->\n\n"]
    parts += [line for name, shape in sorted(shapes.items()) for line in _type(f"v-{name}", shape, "")]
    for name, fact in sorted(zip(names, facts, strict=True)):
        parts += _type(f"f-{name}", fact, '    <xs:attributeGroup ref="r:entry"/>\n')
    choice = "".join(f'      <xs:element name="{name}" type="r:f-{name}"/>\n' for name in sorted(names))
    parts.append(
        '  <xs:group name="any-entry">\n    <xs:choice>\n' + choice + "    </xs:choice>\n  </xs:group>\n\n"
    )
    return "".join(parts)


def _collect(shape: type[msgspec.Struct], shapes: dict[str, type[msgspec.Struct]]) -> None:
    for field in fields_of(shape):
        inner = _item(field.type)
        if isinstance(inner, msgspec.inspect.StructType):
            shapes[_value_name(inner.cls)] = inner.cls
            _collect(inner.cls, shapes)


def _value_name(shape: type) -> str:
    """Contexts may call different values by the same name."""
    return f"{shape.__module__.rpartition('.')[2]}-{shape.__name__}"


def _item(info: msgspec.inspect.Type) -> msgspec.inspect.Type:
    return info.item_type if isinstance(info, msgspec.inspect.VarTupleType) else info


def _type(name: str, shape: type[msgspec.Struct], group: str) -> Iterator[str]:
    """Attributes and children may be missing where the fact has a default."""
    fields = fields_of(shape)
    yield f'  <xs:complexType name="{name}">\n'
    if children := [one for one in fields if not one.simple]:
        yield "    <xs:sequence>\n"
        yield from (_child(one) for one in children)
        yield "    </xs:sequence>\n"
    yield group
    for field in (one for one in fields if one.simple):
        needed = "" if _optional(field) else ' use="required"'
        yield f"    <xs:attribute name={quoteattr(field.written)}{_simple(field.type, 'attribute', needed)}"
    yield "  </xs:complexType>\n\n"


def _child(field: Field) -> str:
    many = ' maxOccurs="unbounded"' if isinstance(field.type, msgspec.inspect.VarTupleType) else ""
    occurs = ' minOccurs="0"' + many
    item = _item(field.type)
    begun = f"      <xs:element name={quoteattr(field.written)}"
    if isinstance(item, msgspec.inspect.StructType):
        return f'{begun} type="r:v-{_value_name(item.cls)}"{occurs}/>\n'
    if field.personal:
        return f'{begun} type="r:personal-text"{occurs}/>\n'
    return begun + _simple(item, "element", occurs)


def _optional(field: Field) -> bool:
    return field.default is not msgspec.NODEFAULT or field.nullable


def _simple(info: msgspec.inspect.Type, what: str, more: str) -> str:
    if isinstance(info, msgspec.inspect.EnumType):
        values = "".join(f"<xs:enumeration value={quoteattr(str(one.value))}/>" for one in info.cls)
        inner = f'<xs:restriction base="xs:token">{values}</xs:restriction>'
        return f"{more}><xs:simpleType>{inner}</xs:simpleType></xs:{what}>\n"
    for kind, spelled in _NAMES.items():
        if isinstance(info, kind):
            return f' type="{spelled}"{more}/>\n'
    raise TypeError(f"no schema type for {info}")


# Optional, so that what archives of format 1 hold is valid as well.
_LIMITS = """\
        <xs:element name="rights-limited">
          <xs:annotation>
            <xs:documentation xml:lang="pl">Od tego dnia prawa obejmują najwyżej „powers” (nic: są zawieszone).</xs:documentation>
            <xs:documentation xml:lang="en">From that day on the rights hold no more than "powers" (none: they rest).</xs:documentation>
          </xs:annotation>
          <xs:complexType>
            <xs:attributeGroup ref="r:entry"/>
            <xs:attribute name="basis" type="xs:string" use="required"/>
            <xs:attribute name="powers" use="required">
              <xs:simpleType>
                <xs:list>
                  <xs:simpleType>
                    <xs:restriction base="xs:token">
                      <xs:enumeration value="information"/><xs:enumeration value="decisions"/>
                    </xs:restriction>
                  </xs:simpleType>
                </xs:list>
              </xs:simpleType>
            </xs:attribute>
            <xs:attribute name="since" type="r:day" use="required"/>
          </xs:complexType>
        </xs:element>
        <xs:element name="rights-restored">
          <xs:complexType>
            <xs:attributeGroup ref="r:entry"/>
            <xs:attribute name="basis" type="xs:string" use="required"/>
            <xs:attribute name="since" type="r:day" use="required"/>
          </xs:complexType>
        </xs:element>
"""  # noqa: E501

_NAMES: dict[type, str] = {
    msgspec.inspect.StrType: "xs:string",
    msgspec.inspect.BoolType: "xs:boolean",
    msgspec.inspect.IntType: "xs:integer",
    msgspec.inspect.DecimalType: "r:amount",
    msgspec.inspect.DateTimeType: "xs:dateTime",
    msgspec.inspect.DateType: "r:day",
}

_CONTEXTS = """\
  <xs:complexType name="entries">
    <xs:annotation>
      <xs:documentation xml:lang="pl">Wszystkie dalsze wpisy, według dziedzin, w kolejności zapisu: zachowanie, klasyfikacja, terminarz, uchwały, pytania o wpisy i inne.</xs:documentation>
      <xs:documentation xml:lang="en">All further entries by context, as they were recorded: behaviour, classification, calendar, resolutions, disputes and others.</xs:documentation>
    </xs:annotation>
    <xs:sequence>
      <xs:element name="context" minOccurs="0" maxOccurs="unbounded">
        <xs:complexType>
          <xs:group ref="r:any-entry" minOccurs="0" maxOccurs="unbounded"/>
          <xs:attribute name="name" type="xs:token" use="required"/>
        </xs:complexType>
      </xs:element>
    </xs:sequence>
  </xs:complexType>

"""  # noqa: E501

_BOOK_NOTE = """\
  <xs:annotation>
    <xs:documentation xml:lang="pl">Księga wpisów szkoły za rok szkolny, wersja formatu 1: dzienniki inne niż dziennik oddziału, godziny dodatkowe, poprawki i skreślenia. Zapisy do pozycji „cut-off” włącznie, w postaci kanonicznej (Canonical XML 1.0).</xs:documentation>
    <xs:documentation xml:lang="en">A book of a school's entries of a school year, format version 1: registers other than those of classes, additional hours, corrections and strike-outs. Entries up to and including the position "cut-off", in canonical form (Canonical XML 1.0).</xs:documentation>
  </xs:annotation>

"""  # noqa: E501

_BOOK = """\
  <!-- The document -->

  <xs:element name="book">
    <xs:annotation>
      <xs:documentation xml:lang="pl">Księga; „part” to zapisy jednego ciągu (strumienia), w kolejności.</xs:documentation>
      <xs:documentation xml:lang="en">The book; each "part" is one stream of entries, in order.</xs:documentation>
    </xs:annotation>
    <xs:complexType>
      <xs:sequence>
        <xs:element name="part" minOccurs="0" maxOccurs="unbounded">
          <xs:complexType>
            <xs:group ref="r:any-entry" maxOccurs="unbounded"/>
            <xs:attribute name="stream" type="xs:token" use="required"/>
          </xs:complexType>
        </xs:element>
        <xs:element name="people" type="r:people"/>
        <xs:element name="authors" type="r:authors"/>
      </xs:sequence>
      <xs:attribute name="cut-off" type="xs:nonNegativeInteger" use="required"/>
      <xs:attribute name="format" type="xs:positiveInteger" use="required" fixed="1"/>
      <xs:attribute name="kind" type="xs:token" use="required"/>
      <xs:attribute name="year" type="r:id" use="required"/>
    </xs:complexType>
    <xs:key name="author-of-entries"><xs:selector xpath="r:authors/r:author"/><xs:field xpath="@key"/></xs:key>
    <xs:keyref name="author-of" refer="r:author-of-entries"><xs:selector xpath=".//*"/><xs:field xpath="@author"/></xs:keyref>
  </xs:element>
</xs:schema>
"""  # noqa: E501

SCHEMAS = {"class-register-2.xsd": class_register, "book-1.xsd": book}


def main() -> None:
    """Write both files."""
    for name, made in SCHEMAS.items():
        (FOLDER / name).write_text(made(), encoding="utf-8")


if __name__ == "__main__":
    main()
