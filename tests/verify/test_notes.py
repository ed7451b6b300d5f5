"""Signed notes, by the examples of the C2SP specifications and by forgeries."""

from __future__ import annotations

import pytest

from dziennik.proof.notes import Signer, checkpoint
from dziennik.verify.checkpoints import Checkpoint, trusted
from dziennik.verify.faults import Unchecked
from dziennik.verify.notes import key_of, note_of, signed_by
from dziennik.verify.witness import Refused, cosign, vkey, witness_key

# From c2sp.org/signed-note, "Verifier keys, Example".
EXAMPLE_KEY = "example.com/foo+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k"
EXAMPLE = """This is an example message.

— example.com/foo Uw2QOkn8srV1yJGh2VYRlL1Tnagv1YEq6TfXppzi2ONncAlTgK7Ztg1ERYNZXsYjOBH3mFXmRKuwHjG1Yu72IneyaQM=
"""
LOG = Signer("dziennik/sp5", bytes(range(32)))
KEY = key_of(LOG.public)
WITNESS = ("kuratorium.example/dziennik", bytes(range(1, 33)))
ROOT = bytes(range(100, 132))


def signed(size: int = 7, root: bytes = ROOT) -> str:
    return LOG.signed(checkpoint("dziennik/sp5", size, root))


def code(fault: pytest.ExceptionInfo[Unchecked]) -> str:
    return fault.value.finding.code


def test_the_specifications_example_verifies() -> None:
    assert signed_by(note_of(EXAMPLE), key_of(EXAMPLE_KEY)) == 0
    assert signed_by(note_of(EXAMPLE), KEY) is None


@pytest.mark.parametrize(
    ("key", "why"),
    [
        ("example.com/foo", "foo"),
        ("a b+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k", "a b"),
        (EXAMPLE_KEY.replace("530d", "530e"), "id 530e903a"),
        (EXAMPLE_KEY[:-4], "base64"),
        ("", "name"),
    ],
)
def test_what_is_no_key(key: str, why: str) -> None:
    with pytest.raises(Unchecked, match=why) as fault:
        key_of(key)
    assert code(fault) == "PROOF.BAD_KEY"


def test_a_checkpoint_says_what_was_signed() -> None:
    assert trusted(signed(), KEY) == Checkpoint("dziennik/sp5", 7, ROOT)
    assert signed().startswith(
        "dziennik/sp5\n7\nZGVmZ2hpamtsbW5vcHFyc3R1dnd4eXp7fH1+f4CBgoM=\n\n— dziennik/sp5 "
    )


@pytest.mark.parametrize(
    ("change", "wanted"),
    [
        (lambda note: note.replace("\n7\n", "\n8\n"), "PROOF.FORGED"),
        (lambda note: note.replace("ZGVm", "ZGVn"), "PROOF.FORGED"),
        (lambda note: note.replace("sp5\n7", "sp6\n7"), "PROOF.OTHER_LOG"),
        (lambda note: note.replace("\n7\n", "\n07\n"), "PROOF.UNREADABLE"),
        (lambda note: note.replace("\n7\n", "\n-7\n"), "PROOF.UNREADABLE"),
        (lambda note: note[: note.index("—")], "PROOF.UNREADABLE"),
        (lambda note: note.replace("— dziennik/sp5", "— another"), "PROOF.NOT_SIGNED"),
        (lambda note: note[:-1], "PROOF.UNREADABLE"),
        (lambda note: note[:-8], "PROOF.UNREADABLE"),
        (lambda _: "", "PROOF.UNREADABLE"),
        (lambda _: EXAMPLE, "PROOF.UNREADABLE"),
        (
            lambda note: Signer("dziennik/sp5", bytes(32)).signed(note.partition("\n\n")[0] + "\n"),
            "PROOF.NOT_SIGNED",
        ),
    ],
)
def test_a_changed_checkpoint_is_not_believed(change: object, wanted: str) -> None:
    assert callable(change)
    with pytest.raises(Unchecked) as fault:
        trusted(change(signed()), KEY)
    assert code(fault) == wanted


def test_a_witness_cosigns_and_is_asked_for() -> None:
    key = witness_key(*WITNESS)
    note = cosign(signed(), KEY, WITNESS, 1679315147, None, None)
    assert note.startswith(signed())
    assert trusted(note, KEY, [key]).size == 7
    assert signed_by(note_of(note), key_of(vkey(key))) == 1679315147
    with pytest.raises(Unchecked) as fault:
        trusted(signed(), KEY, [key])
    assert code(fault) == "PROOF.NOT_SIGNED"
    # The moment is signed too.
    line = note.splitlines()[-1]
    with pytest.raises(Unchecked) as fault:
        trusted(note.replace(line, line[:-90] + "A" + line[-89:]), KEY, [key])
    assert code(fault) in {"PROOF.FORGED", "PROOF.NOT_SIGNED"}


def test_a_witness_does_not_go_back_or_sideways() -> None:
    seen = cosign(signed(7), KEY, WITNESS, 1, None, None)
    again = cosign(signed(7), KEY, WITNESS, 2, seen, None)
    assert trusted(again, KEY, [witness_key(*WITNESS)]).size == 7
    with pytest.raises(Refused, match=r"PROOF\.NOT_CONSISTENT"):
        cosign(signed(7, bytes(32)), KEY, WITNESS, 3, seen, None)
    with pytest.raises(Unchecked, match="no consistency proof"):
        cosign(signed(9), KEY, WITNESS, 3, seen, None)
