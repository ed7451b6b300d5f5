"""`python -m dziennik.verify FILE --key KEY`: check a file with nothing but this folder and `cryptography`.

Exit codes: 0 it holds, 1 it does not hold, 2 it could not be checked.
"""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path

from dziennik.verify.faults import Outcome, Verdict
from dziennik.verify.files import verify_file

WORDS = {
    Outcome.HOLDS: "zgadza się / holds",
    Outcome.BROKEN: "NIE ZGADZA SIĘ / DOES NOT HOLD",
    Outcome.UNCHECKED: "NIE DA SIĘ SPRAWDZIĆ / COULD NOT BE CHECKED",
}


def told(verdict: Verdict) -> str:
    """A verdict in sentences."""
    lines = [WORDS[verdict.outcome]]
    if verdict.first_bad is not None:
        lines.append(f"pierwsza zła pozycja / first bad position: {verdict.first_bad}")
    lines += [f"{one.code}: {one.text()} / {one.text('en')}" for one in verdict.findings]
    lines += [
        f"{name}: {json.dumps(value, ensure_ascii=False) if isinstance(value, dict | list) else value}"
        for name, value in (verdict.facts or {}).items()
        if value is not None
    ]
    return "\n".join(lines)


def as_json(verdict: Verdict) -> str:
    """A verdict for programs."""
    found = {
        "outcome": verdict.outcome.name.lower(),
        "first_bad": verdict.first_bad,
        "findings": [{"code": one.code, "position": one.position, **one.details} for one in verdict.findings],
        "facts": verdict.facts,
    }
    return json.dumps(found, ensure_ascii=False)


def main(arguments: list[str] | None = None) -> int:
    """The command."""
    parser = argparse.ArgumentParser(prog="dziennik.verify", description=__doc__)
    parser.add_argument("file", type=Path, help="export, proof, consistency proof or checkpoint")
    parser.add_argument("--key", required=True, help="the register's public key, or a file that holds it")
    parser.add_argument("--checkpoint", type=Path, action="append", default=[], help="kept elsewhere")
    parser.add_argument("--witness", action="append", default=[], help="key that must have cosigned")
    parser.add_argument("--json", action="store_true")
    given = parser.parse_args(arguments)
    verdict = verify_file(given.file, given.key, given.checkpoint, given.witness)
    sys.stdout.write((as_json(verdict) if given.json else told(verdict)) + "\n")
    return int(verdict.outcome)


if __name__ == "__main__":
    sys.exit(main())
