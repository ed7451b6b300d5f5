"""`dziennik people find`: who is who, so that an account can be opened for the right person."""

from __future__ import annotations

import json
from datetime import date
from typing import Annotated

import typer

from dziennik.app import System, open_system
from dziennik.cli.options import DatabaseUrl, DataDir, Json, SchoolId
from dziennik.cli.schools import known
from dziennik.cli.telling import hint, rows_told
from dziennik.contracts.envelope import Role
from dziennik.projections import people
from dziennik.projections.people import Person

app = typer.Typer(no_args_is_help=True, help="People of a school / osoby w szkole.")

HEAD = ("id", "name / nazwisko i imię", "role / rola", "children / dzieci", "login")
ROLES = (Role.PUPIL, Role.PARENT, Role.TEACHER, Role.DIRECTOR, Role.ADMINISTRATOR, Role.AUDITOR)


@app.command("find")
def find(
    school: SchoolId,
    name: Annotated[str, typer.Argument(help="Parts of a name / części nazwiska i imienia.")] = "",
    role: Annotated[Role | None, typer.Option(help="Only in this role / tylko w tej roli.")] = None,
    limit: Annotated[int, typer.Option(min=1, help="At most so many / najwyżej tyle.")] = 50,
    data_dir: DataDir = None,
    database_url: DatabaseUrl = None,
    as_json: Json = False,
) -> None:
    """Find people by name and role; a parent with the children / znajdź osoby."""
    with open_system(data_dir, database_url) as system:
        system.follower.run_once(known(system, school))
        found = _found(system, school, name.casefold().split(), (role,) if role else ROLES)
    rows = found[:limit]
    if as_json:
        typer.echo(json.dumps(rows, ensure_ascii=False))
    elif rows:
        rows_told(HEAD, [[row[key] for key in ("id", "name", "roles", "children", "login")] for row in rows])
    if len(rows) < len(found):
        more = f"{len(rows)} / {len(found)}"
        hint(f"Pokazano {more}: zawęź albo --limit", f"Shown {more}: narrow it or --limit")
    elif not rows:
        hint("Nie ma takich osób", "There are no such people")


def _found(system: System, school: str, words: list[str], roles: tuple[Role, ...]) -> list[dict[str, str]]:
    with system.read_models.view(school) as view:
        met: dict[str, tuple[Person, list[str]]] = {}
        for role in roles:
            for person in people.people_in_role(view, role):
                met.setdefault(person.person_id, (person, []))[1].append(role.value)
        chosen = [(p, held) for p, held in met.values() if all(word in _name(p).casefold() for word in words)]
        chosen.sort(key=lambda found: found[0].sort_key)
        rows = []
        for person, held in chosen:
            rights = [r for r in people.children(view, person.person_id) if _in_force(r.until)]
            children = people.persons(view, [right.pupil_id for right in rights])
            rows.append(
                {
                    "id": person.person_id,
                    "name": _name(person),
                    "roles": ", ".join(held),
                    "children": ", ".join(_name(child) for child in children.values()),
                    "account": person.account_id or "",
                    "login": (person.account_id and system.accounts.login_of(person.account_id)) or "",
                }
            )
    return rows


def _in_force(until: date | None) -> bool:
    return until is None


def _name(person: Person) -> str:
    return f"{person.family_name} {person.given_names}"
