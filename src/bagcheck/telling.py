"""How is what was found told to a person, and to a program?"""

from __future__ import annotations

from typing import Any, Final

from dziennik.bagcheck.checking import Report, Signed

# Exit codes of `dziennik archive verify`.
INTACT_SIGNED_TRUSTED: Final = 0
WRONG: Final = 1
WRONGLY_CALLED: Final = 2
NOT_SIGNED: Final = 3
SIGNER_UNKNOWN: Final = 4


def exit_code(report: Report) -> int:
    """0 only if nothing is wrong and an authority that was given vouches for the signer."""
    if report.wrong:
        return WRONG
    if report.signed is None:
        return NOT_SIGNED
    return INTACT_SIGNED_TRUSTED if report.signed.trusted else SIGNER_UNKNOWN


def sentences(report: Report) -> list[str]:
    """The answers in the order of the questions: what, by whom, when, complete, wrong."""
    told = [*_what(report), *_by_whom(report.signed)]
    if report.wrong:
        wrong = report.wrong
        told.append(f"✗ {wrong.code}  {wrong.place}")
        told.append(f"  {wrong.text()} / {wrong.text('en')}")
        return told
    told.append("✓ kompletne, nic nie zostało zmienione / complete, nothing was changed")
    if report.signed is None:
        told.append("! bez podpisu: każdy mógł to zapisać / not signed: anybody may have written this")
    elif not report.signed.trusted:
        told.append(
            "! podpis pasuje do certyfikatu, którego nikt tu nie potwierdza; podaj --ca / "
            "the signature fits a certificate that nobody here vouches for; give --ca"
        )
    return told


def fields(report: Report) -> dict[str, Any]:
    """The same for programs."""
    index, signed, wrong = report.index, report.signed, report.wrong
    return {
        "exit": exit_code(report),
        "checked": report.checked,
        "manifest_sha256": report.manifest,
        "files": report.files,
        "bytes": report.size,
        "archive": index
        and {
            "school": index.school_id,
            "year": index.year,
            "edition": index.edition,
            "cut_off": index.cut_off,
            "as_of": index.as_of,
            "classes": [name for _, name in index.classes],
            "left_out": list(index.left_out),
            "tree_root": index.root,
            "facts_in_tree": index.facts,
            "gone": list(index.gone),
        },
        "signed": signed
        and {
            "signer": signed.signer,
            "issuer": signed.issuer,
            "serial": signed.serial,
            "claimed_at": signed.claimed_at.isoformat(),
            "stamped_at": signed.stamped_at and signed.stamped_at.isoformat(),
            "trusted": signed.trusted,
            "stamp_trusted": signed.stamp_trusted,
            "not_revoked": signed.not_revoked,
        },
        "wrong": wrong
        and {"code": wrong.code, "place": wrong.place, "pl": wrong.text(), "en": wrong.text("en")},
    }


def _what(report: Report) -> list[str]:
    told = [report.place]
    if report.index:
        index = report.index
        told.append(f"szkoła / school  {index.school} ({index.school_id})")
        told.append(f"rok / year  {index.year}, wydanie / edition {index.edition}")
        told.append(f"stan na / as of  {index.as_of}, pozycja / position {index.cut_off}")
        told.append(f"oddziały / classes  {', '.join(name for _, name in index.classes)}")
        if index.root:
            told.append(f"korzeń drzewa zapisów / root of the facts' tree  {index.root}")
        if index.facts:
            told.append(f"zapisy w tym drzewie / facts in this tree  {index.facts:,}")
        if index.gone:
            told.append(f"usunięte pliki wiadomości / files of messages that are gone  {len(index.gone)}")
        if index.left_out:
            told.append(f"nie ma w nim / it does not hold  {', '.join(index.left_out)}")
    if report.manifest:
        told.append(f"pliki / files  {report.files} ({report.size:,} B), sha256 {report.manifest}")
    return told


def _by_whom(signed: Signed | None) -> list[str]:
    if signed is None:
        return []
    told = [
        f"podpisał(a) / signed by  {signed.signer} ({signed.issuer}, {signed.serial})",
        f"czas według podpisu / time claimed  {signed.claimed_at:%Y-%m-%d %H:%M:%S} UTC",
    ]
    if signed.stamped_at:
        known = "" if signed.stamp_trusted else " (usługa niepotwierdzona / service not vouched for)"
        told.append(f"znacznik czasu / time stamp  {signed.stamped_at:%Y-%m-%d %H:%M:%S} UTC{known}")
    return told
