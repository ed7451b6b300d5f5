"""OneRoster bundles made for tests: a small school that can be put right and wrong.

bundle = small()
bundle.row("users", "p1")["familyName"] = "Nowa"
bundle.write_zip(path)
"""

from __future__ import annotations

import copy
import csv
import io
import zipfile
from dataclasses import dataclass, field
from pathlib import Path

Row = dict[str, str]

COLUMNS_12 = {
    "orgs": "name type identifier parentSourcedId",
    "academicSessions": "title type startDate endDate parentSourcedId schoolYear",
    "courses": "schoolYearSourcedId title courseCode grades orgSourcedId subjects subjectCodes",
    "classes": "title grades courseSourcedId classCode classType location schoolSourcedId termSourcedIds",
    "users": "enabledUser username userIds givenName familyName middleName identifier email sms phone "
    "agentSourcedIds grades password primaryOrgSourcedId",
    "roles": "userSourcedId roleType role beginDate endDate orgSourcedId userProfileSourcedId",
    "enrollments": "classSourcedId schoolSourcedId userSourcedId role primary beginDate endDate",
    "demographics": "birthDate sex cityOfBirth countryOfBirthCode",
    "categories": "title weight",
    "lineItems": "title description assignDate dueDate classSourcedId categorySourcedId "
    "academicSessionSourcedId resultValueMin resultValueMax schoolSourcedId",
    "results": "lineItemSourcedId studentSourcedId scoreStatus score scoreDate comment textScore",
}
COLUMNS_11 = {
    **COLUMNS_12,
    "users": "enabledUser orgSourcedIds role username userIds givenName familyName middleName identifier "
    "email sms phone agentSourcedIds grades password",
    "lineItems": "title description assignDate dueDate classSourcedId categorySourcedId "
    "gradingPeriodSourcedId resultValueMin resultValueMax",
    "results": "lineItemSourcedId studentSourcedId scoreStatus score scoreDate comment",
}
HEAD = ["sourcedId", "status", "dateLastModified"]


@dataclass
class Bundle:
    """Rows by table; `modes` differ from bulk where said; `raw` replaces a file's bytes."""

    version: str = "1.2"
    tables: dict[str, list[Row]] = field(default_factory=dict)
    modes: dict[str, str] = field(default_factory=dict)
    raw: dict[str, bytes] = field(default_factory=dict)
    manifest: bool = True

    def row(self, table: str, sourced_id: str) -> Row:
        return next(row for row in self.tables[table] if row["sourcedId"] == sourced_id)

    def add(self, table: str, sourced_id: str, **cells: str) -> Row:
        row = {"sourcedId": sourced_id, **cells}
        self.tables.setdefault(table, []).append(row)
        return row

    def drop(self, table: str, *sourced_ids: str) -> None:
        self.tables[table] = [row for row in self.tables[table] if row["sourcedId"] not in sourced_ids]

    def copy(self) -> Bundle:
        return copy.deepcopy(self)

    def delta(self, **tables: list[Row]) -> Bundle:
        """A bundle of changes: only these rows, all else absent."""
        rows = {name: [{"status": "active", **row} for row in rows] for name, rows in tables.items()}
        return Bundle(self.version, rows, dict.fromkeys(tables, "delta"))

    def columns(self, table: str) -> list[str]:
        columns = (COLUMNS_12 if self.version == "1.2" else COLUMNS_11)[table]
        return [*HEAD, *columns.split()]

    def files(self) -> dict[str, bytes]:
        files = {f"{name}.csv": self._csv(name) for name in self.tables}
        if self.manifest:
            files["manifest.csv"] = self._manifest()
        return {**files, **self.raw}

    def write_zip(self, path: Path) -> Path:
        with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
            for name, data in sorted(self.files().items()):
                archive.writestr(zipfile.ZipInfo(name, (2026, 9, 1, 0, 0, 0)), data)
        return path

    def write_folder(self, path: Path) -> Path:
        path.mkdir(parents=True)
        for name, data in self.files().items():
            (path / name).write_bytes(data)
        return path

    def _csv(self, table: str) -> bytes:
        out = io.StringIO(newline="")
        writer = csv.DictWriter(out, self.columns(table), restval="", lineterminator="\r\n")
        writer.writeheader()
        writer.writerows(self.tables[table])
        return out.getvalue().encode()

    def _manifest(self) -> bytes:
        lines = ["propertyName,value", "manifest.version,1.0", f"oneroster.version,{self.version}"]
        for name in COLUMNS_12:
            mode = self.modes.get(name, "bulk" if name in self.tables else "absent")
            lines.append(f"file.{name},{mode}")
        return "\r\n".join([*lines, ""]).encode()


def small(version: str = "1.2") -> Bundle:
    """One school, 2026/2027: class 4a (p1, p2, p3) and 4b (p4), three teachers, two guardians.

    Mathematics goes to the whole of 4a and of 4b, Polish to p1 and p2 of 4a, English to p1 and
    p4 together. Nobody is in both p3's and p4's classes. An aide has no role in a register.
    """
    bundle = Bundle(version, {name: [] for name in COLUMNS_12 if version == "1.2" or name != "roles"})
    _structure(bundle)
    _people(bundle)
    _teaching(bundle)
    _marks(bundle)
    return bundle


def _structure(bundle: Bundle) -> None:
    bundle.add("orgs", "D", name="Gmina", type="district")
    bundle.add("orgs", "S1", name="Szkoła nr 1", type="school", identifier="SP1", parentSourcedId="D")
    session(bundle, "Y", "2026/2027", "schoolYear", "2026-09-01", "2027-08-31", "")
    session(bundle, "T1", "Okres 1", "term", "2026-09-01", "2027-01-31", "Y")
    session(bundle, "T2", "Okres 2", "term", "2027-02-01", "2027-06-25", "Y")
    session(bundle, "G1", "Jesień", "gradingPeriod", "2026-09-01", "2026-11-30", "T1")
    for code, title in (("MAT", "Matematyka"), ("POL", "Język polski"), ("ANG", "Język angielski")):
        bundle.add("courses", code, schoolYearSourcedId="Y", title=title, courseCode=code, orgSourcedId="S1")


def session(bundle: Bundle, sid: str, title: str, kind: str, starts: str, ends: str, parent: str) -> Row:
    return bundle.add(
        "academicSessions",
        sid,
        title=title,
        type=kind,
        startDate=starts,
        endDate=ends,
        parentSourcedId=parent,
        schoolYear="2027",
    )


def user(bundle: Bundle, sid: str, given: str, family: str, role: str, *, agents: str = "") -> Row:
    row = bundle.add(
        "users",
        sid,
        enabledUser="true",
        username=sid,
        givenName=given,
        familyName=family,
        email=f"{sid}@example.org",
        agentSourcedIds=agents,
    )
    if bundle.version == "1.1":
        row.update(role=role, orgSourcedIds="S1")
    else:
        bundle.add(
            "roles",
            f"r-{sid}",
            userSourcedId=sid,
            roleType="primary",
            role=role,
            beginDate="2026-09-01",
            orgSourcedId="S1",
        )
    return row


def _people(bundle: Bundle) -> None:
    user(bundle, "t1", "Ewa", "Nowak", "teacher")
    user(bundle, "t2", "Jan", "Lis", "teacher")
    user(bundle, "t3", "Iga", "Żak", "teacher")
    user(bundle, "m1", "Maria", "Łoś", "parent")
    user(bundle, "o1", "Olaf", "Opiekun", "guardian")
    user(bundle, "a1", "Ada", "Pomocna", "aide")
    user(bundle, "p1", "Zofia", "Łoś", "student", agents="m1")
    user(bundle, "p2", "Adam", "Łoś", "student", agents="m1")
    user(bundle, "p3", "Piotr", "Ćma", "student")
    user(bundle, "p4", "Olga", "Zych", "student", agents="o1")
    for sid, born in (("p1", "2016-02-03"), ("p2", "2016-02-04"), ("p3", "2016-05-06")):
        bundle.add("demographics", sid, birthDate=born, sex="female" if sid == "p1" else "male")


def taught(bundle: Bundle, sid: str, course: str, code: str, teacher: str, pupils: str) -> None:
    """A scheduled class with its teacher and pupils."""
    bundle.add(
        "classes",
        sid,
        title=f"{code} {course}",
        courseSourcedId=course,
        classCode=code,
        classType="scheduled",
        schoolSourcedId="S1",
        termSourcedIds="T1,T2",
    )
    enrol(bundle, sid, teacher, "teacher")
    for pupil in pupils.split():
        enrol(bundle, sid, pupil, "student")


def enrol(bundle: Bundle, class_id: str, who: str, role: str, **cells: str) -> Row:
    return bundle.add(
        "enrollments",
        f"e-{class_id}-{who}",
        classSourcedId=class_id,
        schoolSourcedId="S1",
        userSourcedId=who,
        role=role,
        primary="true" if role == "teacher" else "false",
        **cells,
    )


def _teaching(bundle: Bundle) -> None:
    taught(bundle, "4a-mat", "MAT", "4a", "t1", "p1 p2 p3")
    taught(bundle, "4a-pol", "POL", "4a", "t2", "p1 p2")
    taught(bundle, "4b-mat", "MAT", "4b", "t1", "p4")
    taught(bundle, "ang", "ANG", "ang", "t3", "p1 p4")


def line_item(bundle: Bundle, sid: str, class_id: str, title: str, top: str, low: str = "0") -> Row:
    row = bundle.add(
        "lineItems",
        sid,
        title=title,
        assignDate="2026-10-01",
        dueDate="2026-10-10",
        classSourcedId=class_id,
        categorySourcedId="K1",
        resultValueMin=low,
        resultValueMax=top,
    )
    row["gradingPeriodSourcedId" if bundle.version == "1.1" else "academicSessionSourcedId"] = "G1"
    return row


def result(bundle: Bundle, sid: str, item: str, pupil: str, score: str, **cells: str) -> Row:
    return bundle.add(
        "results",
        sid,
        **{
            "lineItemSourcedId": item,
            "studentSourcedId": pupil,
            "scoreStatus": "fully graded",
            "score": score,
            "scoreDate": "2026-10-10",
            **cells,
        },
    )


def _marks(bundle: Bundle) -> None:
    bundle.add("categories", "K1", title="Praca klasowa", weight="3")
    line_item(bundle, "L1", "4a-mat", "Ułamki", "20.0")
    line_item(bundle, "L2", "4a-pol", "Dyktando", "6", "1")
    line_item(bundle, "L3", "ang", "Test", "10")
    result(bundle, "R1", "L1", "p1", "17", comment="ładnie")
    result(bundle, "R2", "L1", "p2", "9.50")
    result(bundle, "R3", "L1", "p3", "", scoreStatus="submitted")
    result(bundle, "R4", "L2", "p1", "5")
    result(bundle, "R5", "L3", "p4", "8")
