"""How does each person want to be told of what concerns them?"""

from __future__ import annotations

from collections.abc import Iterable

from dziennik.contracts import notifications as said
from dziennik.contracts.envelope import Recorded
from dziennik.contracts.notifications import Preferences
from dziennik.projections.model import ReadModel
from dziennik.projections.rows import Rows, View
from dziennik.projections.tables import OF_THE_PERSON, Row

NOTICE_PREFERENCES = ReadModel("notice_preferences", version=1)
on = NOTICE_PREFERENCES.on
table = NOTICE_PREFERENCES.table


@table(key=("person_id",), families=OF_THE_PERSON)
class Chosen(Row, frozen=True):
    """What a person chose last."""

    person_id: str
    preferences: Preferences


@on(said.PreferencesSet)
def preferences_set(rows: Rows, fact: said.PreferencesSet, _: Recorded) -> None:
    rows.put(Chosen(fact.person_id, fact.preferences))


def of_person(view: View, person_id: str) -> Preferences:
    """What a person chose, or what holds until they choose."""
    row = view.get(Chosen, person_id)
    return row.preferences if row else Preferences()


def of_people(view: View, person_ids: Iterable[str]) -> dict[str, Preferences]:
    """What those chose who chose at all."""
    found = view.many(Chosen, [(person_id,) for person_id in dict.fromkeys(person_ids)])
    return {row.person_id: row.preferences for row in found if row is not None}
