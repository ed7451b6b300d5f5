"""In which words does a verification end?

Three answers and no fourth: it holds; it does not hold; it could not be checked. Whatever cannot be checked
is never told as "holds". Codes are published like the register's refusals.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum

TEXTS = {
    "PROOF.UNREADABLE": ("Pliku nie da się odczytać: {why}.", "The file cannot be read: {why}."),
    "PROOF.EXPORT_CUT": (
        "Eksport jest ucięty po {count} faktach: brak zakończenia.",
        "The export is cut off after {count} facts: its end is missing.",
    ),
    "PROOF.BAD_KEY": (
        "To nie jest klucz publiczny (nazwa+odcisk+klucz): {why}.",
        "This is not a public key (name+id+key): {why}.",
    ),
    "PROOF.NOT_SIGNED": (
        "Punkt kontrolny nie jest podpisany kluczem {name}.",
        "The checkpoint carries no signature of the key {name}.",
    ),
    "PROOF.FORGED": (
        "Podpis klucza {name} pod punktem kontrolnym jest fałszywy.",
        "The signature of the key {name} on the checkpoint is forged.",
    ),
    "PROOF.OTHER_LOG": (
        "Punkt kontrolny dotyczy innego dziennika: {found} zamiast {wanted}.",
        "The checkpoint is of another register: {found} instead of {wanted}.",
    ),
    "PROOF.STALE_CHECKPOINT": (
        "Punkt kontrolny obejmuje fakty do {covered}; faktów {covered}+1..{count} nikt nie poświadcza.",
        "The checkpoint covers facts up to {covered}; nothing vouches for {covered}+1..{count}.",
    ),
    "PROOF.FACT_CHANGED": (
        "Fakt {position} nie jest tym, który poświadczono ({why}).",
        "Fact {position} is not the one that was vouched for ({why}).",
    ),
    "PROOF.FACT_MISSING": ("Brak faktu {position}.", "Fact {position} is missing."),
    "PROOF.FACT_ADDED": (
        "Fakt {position} dopisano poza dziennikiem ({why}).",
        "Fact {position} was added behind the register's back ({why}).",
    ),
    "PROOF.HEAD_CHANGED": (
        "Licznik dziennika mówi {head}, faktów jest {count}.",
        "The register's counter says {head}, there are {count} facts.",
    ),
    "PROOF.OUT_OF_ORDER": (
        "Fakt {position} nie pasuje do poprzednich ({why}).",
        "Fact {position} does not fit those before it ({why}).",
    ),
    "PROOF.OTHER_ROOT": (
        "Fakty {first}..{last} nie dają poświadczonego skrótu; pierwszy zmieniony leży wśród nich.",
        "Facts {first}..{last} do not lead to the signed root; the first changed one is among them.",
    ),
    "PROOF.REFUSED": (
        "Sam dziennik nie poświadcza historii od pozycji {position} ({why}).",
        "The register itself does not vouch for its history from position {position} on ({why}).",
    ),
    "PROOF.MATERIAL_CHANGED": (
        "Fakt {position} jest poświadczony, ale jego skrót w eksporcie zmieniono.",
        "Fact {position} is vouched for, but its hash in the export was changed.",
    ),
    "PROOF.NOT_INCLUDED": (
        "Dowód nie prowadzi do poświadczonego skrótu: wpisu {position} nie ma w dzienniku.",
        "The proof does not lead to the signed root: entry {position} is not in the register.",
    ),
    "PROOF.NOT_CONSISTENT": (
        "Późniejszy punkt kontrolny ({second}) nie zawiera wcześniejszego ({first}): historię zmieniono.",
        "The later checkpoint ({second}) does not contain the earlier one ({first}): history was rewritten.",
    ),
}


class Outcome(IntEnum):
    """Exit codes of a verification."""

    HOLDS = 0
    BROKEN = 1
    UNCHECKED = 2


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that is wrong, and the first position it touches, as far as that can be told."""

    code: str
    details: dict[str, object]
    position: int | None = None

    def text(self, language: str = "pl") -> str:
        """The sentence for a person."""
        polish, english = TEXTS[self.code]
        return (polish if language == "pl" else english).format_map(self.details)


class Unchecked(Exception):
    """It could not be checked: what was given is unreadable, cut, or not signed by the key."""

    def __init__(self, code: str, **details: object) -> None:
        self.finding = Finding(code, details)
        super().__init__(f"{code}: {self.finding.text('en')}")


@dataclass(frozen=True, slots=True)
class Verdict:
    """What a verification came to. `facts` tells what was shown, for people."""

    outcome: Outcome
    findings: tuple[Finding, ...] = ()
    facts: dict[str, object] | None = None

    @property
    def first_bad(self) -> int | None:
        """The first position that is wrong, when one can be named."""
        positions = [one.position for one in self.findings if one.position is not None]
        return min(positions) if positions else None


def unchecked(fault: Unchecked) -> Verdict:
    """The verdict of what could not be checked."""
    return Verdict(Outcome.UNCHECKED, (fault.finding,))
