"""How is a notice said, in Polish and English? One sentence, without names of people."""

from __future__ import annotations

from typing import Final

from dziennik.notifying.notice import What

# What a sentence may speak of: {subject}, {value}, {on}, {period}, {title}; all of them are texts.
_SENTENCES: Final[dict[What, tuple[str, str]]] = {
    What.GRADE_GIVEN: ("Nowa ocena: {subject}", "New grade: {subject}"),
    What.GRADE_CORRECTED: ("Poprawiono ocenę: {subject}", "Grade corrected: {subject}"),
    What.BEHAVIOUR_GRADE_GIVEN: ("Nowa ocena zachowania", "New behaviour grade"),
    What.ABSENCE_RECORDED: (
        "Nieobecność {on}, lekcja {period}: {subject}",
        "Absence on {on}, lesson {period}: {subject}",
    ),
    What.LATENESS_RECORDED: (
        "Spóźnienie {on}, lekcja {period}: {subject}",
        "Lateness on {on}, lesson {period}: {subject}",
    ),
    What.NOTE_WRITTEN: ("Nowa uwaga z {on}", "New note of {on}"),
    What.EXCUSE_ACCEPTED: ("Usprawiedliwienie przyjęte", "Excuse accepted"),
    What.EXCUSE_REJECTED: ("Usprawiedliwienie odrzucone", "Excuse rejected"),
    What.ENTRY_PLANNED: ("Terminarz, {on}: {title}", "Calendar, {on}: {title}"),
    What.ENTRY_CHANGED: ("Zmiana w terminarzu, {on}: {title}", "Calendar changed, {on}: {title}"),
    What.ENTRY_CANCELLED: ("Odwołano, {on}: {title}", "Called off, {on}: {title}"),
    What.ANNOUNCEMENT_POSTED: ("Nowe ogłoszenie: {title}", "New announcement: {title}"),
    What.MESSAGE_SENT: ("Nowa wiadomość", "New message"),
}
# Characters of a push message: 3000 bytes at the worst, which fit into one (web_push.LONGEST).
PUSHED: Final = 500
_WITH_VALUE: Final = frozenset({What.GRADE_GIVEN, What.GRADE_CORRECTED, What.BEHAVIOUR_GRADE_GIVEN})


def sentence(what: What, details: dict[str, str], language: str, *, value: str = "") -> str:
    """The sentence; `value` is a grade as written, for whoever may read it there."""
    polish, english = _SENTENCES[what]
    said = (polish if language == "pl" else english).format_map(details)
    return f"{said} – {value}" if value and what in _WITH_VALUE else said


def push(sentences: list[str], language: str, *, daily: bool) -> tuple[str, str]:
    """Title and text of a push message with these sentences, at most 500 characters of them."""
    name = "Dziennik" if language == "pl" else "Register"
    of_day = "podsumowanie dnia" if language == "pl" else "summary of the day"
    text = "\n".join(sentences)
    shown = text if len(text) <= PUSHED else f"{text[: PUSHED - 1]}…"
    return f"{name}: {of_day}" if daily else name, shown


def letter(sentences: list[str], language: str, *, daily: bool) -> tuple[str, str]:
    """Subject and text of an e-mail with these sentences."""
    if language == "pl":
        subject = "Dziennik: podsumowanie dnia" if daily else f"Dziennik: {sentences[0]}"
        end = "Szczegóły po zalogowaniu do dziennika. Tam też można zmienić lub wyłączyć powiadomienia."
    else:
        subject = "Register: summary of the day" if daily else f"Register: {sentences[0]}"
        end = "Log in to the register for details, and to change or turn off notifications."
    lines = [f"- {each}" for each in sentences] if daily else sentences
    return subject, "\n".join([*lines, "", end, ""])
