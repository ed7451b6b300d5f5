"""How fast is a school-year archived, signed and checked, and does memory grow with the number of classes?

The full demo school's closed year (20 classes of 30 pupils, 186 school days), from a durable journal:
registers, pages, prints, facts and statistics, each document checked against its schema. Signing is held
against what a signature inside the document of one class costs with signxml. Living through that year takes
a quarter of an hour or so before anything is measured: BENCH_SCHOOL=small takes 4 classes instead.
"""

from __future__ import annotations

import os
import resource
import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from time import perf_counter
from typing import Any

from cryptography.hazmat.primitives.asymmetric import rsa
from lxml import etree
from signxml.signer import XMLSigner

from dziennik.app import System
from dziennik.application.ids import new_id
from dziennik.archive.bagging import MANIFEST, add_signature
from dziennik.archive.editions import Edition, find_year, new_edition
from dziennik.archive.signing import sign
from dziennik.archive.year_archive import Written, write_year
from dziennik.bagcheck.checking import verify
from dziennik.bagcheck.signatures import check_signature
from dziennik.demo.build import build
from dziennik.demo.sizes import SIZES
from dziennik.journal.journals import Journals
from dziennik.journal.keyring import Keyring
from dziennik.settings import read_settings
from tests.bagcheck.authority import authority, rsa_key

SIZE = replace(SIZES[os.environ.get("BENCH_SCHOOL", "full")], second_until=None)
CORES = os.cpu_count() or 1
CLASSES = (1, len(SIZE.classes))


def run(dsn: str) -> dict[str, dict[str, Any]]:
    """Seconds of a year, megabytes of memory by classes, milliseconds of signatures."""
    with TemporaryDirectory() as folder:
        settings = replace(read_settings(Path(folder), environ={}), database_url=dsn)
        system = System(settings, dsn)
        try:
            register = system.found(SIZE.school_id)
            build(register, SIZE, open_account=lambda *_: new_id(), secret=bytes(32))
            edition = new_edition(register.journal, find_year(register.journal, "2025"))
            return _figures(system, edition, Path(folder), dsn)
        finally:
            system.close()


def _figures(system: System, edition: Edition, folder: Path, dsn: str) -> dict[str, dict[str, Any]]:
    journal = system.journals.school(SIZE.school_id)
    one, alone = _timed(lambda: write_year(journal, edition, folder / "alone"))
    access = system.archive_access(SIZE.school_id)
    _, shared = _timed(lambda: write_year(journal, edition, folder / "shared", access=access, workers=CORES))
    few, many = (_memory(dsn, system.settings.master_key, count) for count in CLASSES)
    size = sum(file.size for file in one.files) / 1e6
    classes = len(edition.classes)
    return {
        "archive.year.s": _row(shared, "s", f"one process {alone:.1f} s; {classes} classes, {size:.0f} MB"),
        "archive.year.s_a_class": _row(alone / classes, "s", "one process, everything of a class, checked"),
        "archive.year.memory_ratio": _row(many / few, "x", f"{CLASSES[1]} classes to 1; one: {few:.0f} MB"),
        **_signatures(one, folder / "alone"),
    }


def _signatures(written: Written, bag: Path) -> dict[str, dict[str, Any]]:
    ours = authority()
    signer = ours.signer(key=rsa_key())
    at = datetime.now(UTC)
    signature, signing = _timed(lambda: sign(written.manifest, name=MANIFEST, signer=signer, at=at), 9)
    _, checking = _timed(lambda: check_signature(signature, written.manifest, name=MANIFEST, place="s"), 9)
    register = next(bag.rglob("class-register-2.xml")).read_bytes()
    key = signer.key
    if not isinstance(key, rsa.RSAPrivateKey):
        raise TypeError("the bench signs with RSA")
    _, enveloped = _timed(
        lambda: XMLSigner().sign(etree.fromstring(register), key=key, cert=[signer.certificate]), 3
    )
    add_signature(bag, signature)
    report, whole = _timed(lambda: verify(bag, [ours.certificate]))
    if report.wrong or report.signed is None:
        raise AssertionError(report)
    size = len(register) / 1e6
    against = f"signxml, enveloped in the {size:.1f} MB of one class: {enveloped * 1e3:.0f} ms"
    return {
        "archive.sign.ms": _row(signing * 1e3, "ms", against),
        "archive.sign.ratio_to_enveloped": _row(enveloped / signing, "x", "one signature covers all files"),
        "archive.check_signature.ms": _row(checking * 1e3, "ms", "the signature over the manifest"),
        "archive.verify.s": _row(whole, "s", "the whole bag: digests, signature, every document's schema"),
    }


def _memory(dsn: str, master_key: bytes, classes: int) -> float:
    """Peak megabytes of a process that writes so many classes."""
    command = [sys.executable, "-m", "bench.archive_year", dsn, master_key.hex(), str(classes)]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    return float(done.stdout)


def _timed(task: Callable[[], Any], rounds: int = 1) -> tuple[Any, float]:
    best, answer = float("inf"), None
    for _ in range(rounds):
        started = perf_counter()
        answer = task()
        best = min(best, perf_counter() - started)
    return answer, best


def _row(value: float, unit: str, baseline: str) -> dict[str, Any]:
    return {"value": round(value, 2), "unit": unit, "baseline": baseline}


def _child(dsn: str, master_key: str, classes: str) -> None:
    with (
        Journals(dsn, keyring=Keyring(bytes.fromhex(master_key))) as journals,
        TemporaryDirectory() as folder,
    ):
        journal = journals.school(SIZE.school_id)
        edition = new_edition(journal, find_year(journal, "2025"))
        write_year(journal, replace(edition, classes=edition.classes[-int(classes) :]), Path(folder) / "bag")
        print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024)


if __name__ == "__main__":
    _child(*sys.argv[1:4])
