"""What do the codes in an archive mean, for a reader in fifty years?

Part of the format: a changed word is a new format version (ADR 0037).
"""

from __future__ import annotations

from collections.abc import Iterator

from dziennik.archive.canonical import Tag

LEGEND, ENTRY = Tag("legend"), Tag("term")

# (what the code stands for, code, Polish, English)
WORDS: tuple[tuple[str, str, str, str], ...] = (
    ("attendance", "present", "obecność", "present"),
    ("attendance", "absent", "nieobecność", "absent"),
    ("attendance", "absent_excused", "nieobecność usprawiedliwiona", "absent, excused"),
    ("attendance", "late", "spóźnienie", "late"),
    ("attendance", "late_excused", "spóźnienie usprawiedliwione", "late, excused"),
    ("attendance", "school_reason", "nieobecność z przyczyn szkolnych", "away for a school reason"),
    ("attendance", "released", "zwolnienie", "released"),
    ("grade", "current", "ocena bieżąca", "current grade"),
    ("grade", "term_proposed", "przewidywana ocena śródroczna", "proposed mid-year grade"),
    ("grade", "term_final", "ocena śródroczna", "mid-year grade"),
    ("grade", "annual_proposed", "przewidywana ocena roczna", "proposed annual grade"),
    ("grade", "annual_final", "ocena roczna", "annual grade"),
    ("lesson", "arranged", "zaplanowane zastępstwo", "substitution arranged"),
    ("lesson", "held", "lekcja odbyta, bez podpisu", "held, not signed"),
    ("lesson", "signed", "lekcja odbyta, podpisana", "held and signed"),
    ("lesson", "cancelled", "lekcja odwołana", "cancelled"),
    ("retakes", "better", "liczy się lepsza z ocen", "the better grade counts"),
    ("retakes", "latest", "liczy się poprawa", "the retake counts"),
    ("retakes", "both", "liczą się obie oceny", "both grades count"),
    ("retakes", "average", "liczy się średnia obu ocen", "the mean of both counts"),
    ("excluded", "struck_out", "ocena skreślona", "struck out"),
    ("excluded", "not_current", "nie jest oceną bieżącą", "not a current grade"),
    ("excluded", "improved", "ocena poprawiona", "improved by a retake"),
    (
        "excluded",
        "worse_retake",
        "poprawa nie lepsza od wcześniejszej oceny",
        "a retake that is no better",
    ),
    ("excluded", "category_not_counted", "kategoria nie liczy się do średniej", "category does not count"),
    ("excluded", "no_number", "zapis bez wartości liczbowej", "stands for no number"),
    ("excluded", "zero_weight", "waga zero", "weight zero"),
    ("guardianship", "parent", "rodzic", "parent"),
    ("guardianship", "guardian", "opiekun prawny", "legal guardian"),
    ("role", "teacher", "nauczyciel", "teacher"),
    ("role", "pupil", "uczeń", "pupil"),
    ("role", "parent", "rodzic", "parent"),
    ("role", "director", "dyrektor", "director"),
    ("role", "administrator", "administrator szkoły", "school administrator"),
    ("role", "auditor", "audytor", "auditor"),
    ("role", "operator", "operator dostawcy", "provider's operator"),
    ("role", "system", "system", "system"),
    ("channel", "web", "strona internetowa", "web page"),
    ("channel", "api", "interfejs programowy", "programming interface"),
    ("channel", "import", "import z pliku", "import from a file"),
    ("channel", "card", "karta odczytana ze skanu", "card read from a scan"),
    ("channel", "system", "system", "system"),
)


def legend() -> Iterator[str]:
    """The legend, the same in every document of this format version."""
    yield LEGEND.block()
    for of, code, polish, english in WORDS:
        yield ENTRY.whole(code=code, en=english, of=of, pl=polish)
    yield LEGEND.end
