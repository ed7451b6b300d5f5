"""The rules for push: everybody says for themselves in which of their browsers they are told."""

from __future__ import annotations

import msgspec
from msgspec.structs import replace

from dziennik.contracts import notifications as said
from dziennik.contracts import streams
from dziennik.contracts.commands import NOT_YOURS_TO_DO
from dziennik.contracts.envelope import Role
from dziennik.contracts.notifications import MOST_DEVICES, DeviceEnd, DeviceId
from dziennik.contracts.refusals import Refusal
from dziennik.domain.evolving import Evolution
from dziennik.domain.policies import push_addresses
from dziennik.domain.rulebook import decides
from dziennik.domain.world import Asked, Decision, Entry, Stream, World

_BY = frozenset({Role.TEACHER, Role.DIRECTOR, Role.ADMINISTRATOR, Role.PARENT, Role.PUPIL})
_ITSELF = frozenset({Role.SYSTEM})


class Devices(msgspec.Struct, frozen=True):
    """The browsers of a person: those that are told, and ids of those that once were."""

    told: dict[DeviceId, said.PushDeviceAdded] = {}
    ended: frozenset[DeviceId] = frozenset()


_evolve: Evolution[Devices] = Evolution()


def devices(person_id: str) -> Stream[Devices]:
    """In which browsers a person is told."""
    return Stream(streams.push_devices(person_id), Devices(), _evolve)


@_evolve.on(said.PushDeviceAdded)
def _added(state: Devices, fact: said.PushDeviceAdded) -> Devices:
    return replace(state, told={**state.told, fact.device_id: fact})


@_evolve.on(said.PushDeviceRemoved)
def _removed(state: Devices, fact: said.PushDeviceRemoved) -> Devices:
    left = {key: each for key, each in state.told.items() if key != fact.device_id}
    return Devices(left, state.ended | {fact.device_id})


@decides(said.AddPushDevice, by=_BY)
def _add(world: World, command: said.AddPushDevice, asked: Asked) -> Decision:
    who = asked.actor.person
    if who is None:
        return NOT_YOURS_TO_DO(role=asked.actor.role.value)
    fault = _fault_in(command)
    if fault:
        return fault
    state = world[devices(who)]
    fact = said.PushDeviceAdded(
        person_id=who,
        device_id=command.device_id,
        endpoint=command.endpoint,
        p256dh=command.p256dh.rstrip("="),
        auth=command.auth.rstrip("="),
    )
    if state.told.get(command.device_id) == fact:
        return []
    if command.device_id in state.told or command.device_id in state.ended:
        return said.DEVICE_ID_TAKEN(field="device_id")
    before = [each.device_id for each in state.told.values() if each.endpoint == command.endpoint]
    if len(state.told) - len(before) >= MOST_DEVICES:
        return said.TOO_MANY_DEVICES(limit=MOST_DEVICES)
    stream = streams.push_devices(who)
    return [*(Entry(stream, _end(who, each, DeviceEnd.REPLACED)) for each in before), Entry(stream, fact)]


@decides(said.RemovePushDevice, by=_BY)
def _remove(world: World, command: said.RemovePushDevice, asked: Asked) -> Decision:
    who = asked.actor.person
    if who is None:
        return NOT_YOURS_TO_DO(role=asked.actor.role.value)
    return _ended(world, who, command.device_id, DeviceEnd.REMOVED)


@decides(said.DropPushDevice, by=_ITSELF)
def _drop(world: World, command: said.DropPushDevice, _: Asked) -> Decision:
    return _ended(world, command.person_id, command.device_id, DeviceEnd.GONE)


def _ended(world: World, person_id: str, device_id: DeviceId, why: DeviceEnd) -> Decision:
    state = world[devices(person_id)]
    if device_id in state.ended:
        return []
    if device_id not in state.told:
        return said.NO_SUCH_DEVICE(field="device_id")
    return [Entry(streams.push_devices(person_id), _end(person_id, device_id, why))]


def _end(person_id: str, device_id: DeviceId, why: DeviceEnd) -> said.PushDeviceRemoved:
    return said.PushDeviceRemoved(person_id=person_id, device_id=device_id, why=why)


def _fault_in(command: said.AddPushDevice) -> Refusal | None:
    if not push_addresses.is_address(command.endpoint):
        return said.ENDPOINT_UNSOUND(field="endpoint")
    if not push_addresses.is_key(command.p256dh):
        return said.PUSH_KEY_UNSOUND(field="p256dh")
    if not push_addresses.is_secret(command.auth):
        return said.PUSH_KEY_UNSOUND(field="auth")
    return None
