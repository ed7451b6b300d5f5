"""How does each person want to be told of what concerns them, and in which browsers?"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

import msgspec

from dziennik.contracts import notifications as said
from dziennik.contracts.envelope import Recorded
from dziennik.contracts.facts import ERASED
from dziennik.contracts.notifications import Preferences
from dziennik.projections.model import ReadModel
from dziennik.projections.rows import Rows, View
from dziennik.projections.tables import OF_THE_PERSON, Row

NOTICE_PREFERENCES = ReadModel("notice_preferences", version=2)
on = NOTICE_PREFERENCES.on
table = NOTICE_PREFERENCES.table


@table(key=("person_id",), families=OF_THE_PERSON)
class Chosen(Row, frozen=True):
    """What a person chose last."""

    person_id: str
    preferences: Preferences


class Device(msgspec.Struct, frozen=True):
    """A browser that is told: its address and its keys in base64url."""

    device_id: str
    endpoint: str
    p256dh: str
    auth: str
    added_at: datetime


@table(key=("person_id",), families=OF_THE_PERSON)
class Browsers(Row, frozen=True):
    """Where a person is told, in the order in which they said so."""

    person_id: str
    devices: tuple[Device, ...]


@on(said.PreferencesSet)
def preferences_set(rows: Rows, fact: said.PreferencesSet, _: Recorded) -> None:
    rows.put(Chosen(fact.person_id, fact.preferences))


@on(said.PushDeviceAdded)
def device_added(rows: Rows, fact: said.PushDeviceAdded, recorded: Recorded) -> None:
    made = Device(fact.device_id, fact.endpoint, fact.p256dh, fact.auth, recorded.origin.recorded_at)
    rows.put(Browsers(fact.person_id, (*_others(rows, fact.person_id, fact.device_id), made)))


@on(said.PushDeviceRemoved)
def device_removed(rows: Rows, fact: said.PushDeviceRemoved, _: Recorded) -> None:
    left = _others(rows, fact.person_id, fact.device_id)
    if left:
        rows.put(Browsers(fact.person_id, left))
    else:
        rows.delete(Browsers, fact.person_id)


def _others(rows: Rows, person_id: str, device_id: str) -> tuple[Device, ...]:
    found = rows.get(Browsers, person_id)
    return tuple(each for each in found.devices if each.device_id != device_id) if found else ()


def devices(view: View, person_id: str) -> list[Device]:
    """The browsers of a person, the one added first first."""
    return devices_of(view, [person_id]).get(person_id, [])


def devices_of(view: View, person_ids: Iterable[str]) -> dict[str, list[Device]]:
    """The browsers of those who have any; what was erased is none."""
    found = view.many(Browsers, [(person_id,) for person_id in dict.fromkeys(person_ids)])
    return {
        row.person_id: [each for each in row.devices if each.endpoint != ERASED]
        for row in found
        if row is not None
    }


def of_person(view: View, person_id: str) -> Preferences:
    """What a person chose, or what holds until they choose."""
    row = view.get(Chosen, person_id)
    return row.preferences if row else Preferences()


def of_people(view: View, person_ids: Iterable[str]) -> dict[str, Preferences]:
    """What those chose who chose at all."""
    found = view.many(Chosen, [(person_id,) for person_id in dict.fromkeys(person_ids)])
    return {row.person_id: row.preferences for row in found if row is not None}
