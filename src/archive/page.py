"""What do all sections of the written register share?

Who made an entry is named once, under a short key, and every entry refers to it; so are the people who
are not the class's pupils or parents. Both tables stand at the end, when it is known whom they must hold.
"""

from __future__ import annotations

from dziennik.archive.canonical import Escaped, Tag, moment
from dziennik.archive.register import ClassRegister, Person, told
from dziennik.contracts.envelope import Actor, Recorded
from dziennik.contracts.facts import ERASED, Fact
from dziennik.contracts.people import PersonRegistered, PersonRenamed

ERASED_MARKER = "<erased></erased>\n"

AUTHORS, AUTHOR = Tag("authors"), Tag("author")
NAME, GIVEN, FAMILY = Tag("name"), Tag("given-names"), Tag("family-name")


class Page:
    """The document while it is written."""

    def __init__(self, register: ClassRegister) -> None:
        self.register = register
        # Pupils' keys: "p1" is the first in the register.
        self.keys = {pupil: f"p{n}" for n, pupil in enumerate(register.enrolments, 1)}
        self.told: dict[str, None] = {}
        self.safe = Escaped()
        self._asked: dict[tuple[str, ...], str] = {}
        self._authors: dict[Actor, str] = {}
        self._entries: dict[str, tuple[str, str]] = {}

    def by(self, each: Recorded) -> dict[str, str]:
        """The attributes of every entry: author's key, position, and the instant it was recorded."""
        author, recorded = self.made(each)
        return {"author": author, "position": str(each.position), "recorded": recorded}

    def made(self, each: Recorded) -> tuple[str, str]:
        """The author's key and the instant, which all facts of one command share."""
        known = self._entries.get(each.origin.command_id)
        if known is None:
            known = (self._author(each.origin.actor), moment(each.origin.recorded_at))
            self._entries[each.origin.command_id] = known
        return known

    def asked(self, pupils: tuple[str, ...]) -> str:
        """The keys of those of the class who were on a roll; few rolls differ within a year."""
        known = self._asked.get(pupils)
        if known is None:
            keys = self.keys
            known = self._asked[pupils] = " ".join([keys[pupil] for pupil in pupils if pupil in keys])
        return known

    def tell(self, person_id: str) -> str:
        """Refer to a teacher or author: the id here, the name among the people at the end."""
        self.told[person_id] = None
        return person_id

    def authors(self) -> str:
        """The table of authors, in the order of their first entry in the document."""
        rows = [
            AUTHOR.whole(
                account=actor.account,
                channel=actor.channel,
                key=key,
                on_behalf_of=actor.on_behalf_of,
                person=actor.person,
                role=actor.role,
            )
            for actor, key in self._authors.items()
        ]
        return AUTHORS.block() + "".join(rows) + AUTHORS.end

    def names(self, person: Person) -> str:
        """All names of a person, the last one holds; with a marker where they were erased."""
        parts = []
        for each in person.names:
            fact = told(each, PersonRegistered, PersonRenamed)
            reason = fact.reason if isinstance(fact, PersonRenamed) else None
            parts.append(NAME.block(**self.by(each), reason=reason))
            named = GIVEN.text(fact.given_names) + FAMILY.text(fact.family_name)
            parts.append((ERASED_MARKER if is_erased(fact) else named) + NAME.end)
        return "".join(parts)

    def _author(self, actor: Actor) -> str:
        key = self._authors.get(actor)
        if key is None:
            key = self._authors[actor] = f"a{len(self._authors) + 1}"
            for person_id in (actor.person, actor.on_behalf_of):
                if person_id:
                    self.tell(person_id)
        return key


def is_erased(fact: Fact) -> bool:
    """Whether the key of a personal text of the fact was destroyed: a register names people whole or not."""
    return any(getattr(fact, name) == ERASED for name in fact.personal_fields)


def personal(tag: Tag, content: str | None) -> str:
    """A text about a pupil: nothing, the text, or the marker that it was erased."""
    if content is None:
        return ""
    return tag.start() + ERASED_MARKER.rstrip() + tag.end if content == ERASED else tag.text(content)
