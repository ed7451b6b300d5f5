"""The servers that graphql_gradebook compares: dziennik's own, naive objects, hand-written SQL."""

from __future__ import annotations

import json
import sys
from dataclasses import make_dataclass
from typing import Any

import psycopg
import strawberry
import uvicorn
from fastapi import FastAPI, Request
from fastapi.responses import Response
from psycopg.rows import tuple_row
from psycopg_pool import ConnectionPool
from strawberry.fastapi import GraphQLRouter
from strawberry.schema.config import StrawberryConfig

from bench.graphql_gradebook import CLASS, settings
from dziennik.app import System
from dziennik.cli.memory import keep_freed_memory
from dziennik.graphql.app import create_app
from dziennik.graphql.scalars import SCALARS
from dziennik.graphql.shapes import GradebookCell
from dziennik.projections.gradebook import class_cells_json
from dziennik.projections.reading import ReadModels

MODELS: list[ReadModels] = []


@strawberry.type
class Gradebook:
    cells: list[GradebookCell]


@strawberry.type
class Query:
    @strawberry.field
    def gradebook(self, school: strawberry.ID, class_id: strawberry.ID) -> Gradebook:
        with MODELS[0].view(school) as view:
            rows = class_cells_json(view, class_id)
        return Gradebook(cells=[_as_object(json.loads(content)) for _, _, content in rows])


def naive(dsn: str) -> Any:  # noqa: ANN401
    """Strawberry as one writes it first: objects of the schema's types, resolved by attribute."""
    MODELS.append(ReadModels(dsn))
    config = StrawberryConfig(scalar_map=SCALARS)
    app = FastAPI()
    app.include_router(GraphQLRouter(strawberry.Schema(Query, config=config)), prefix="/graphql")
    return app


_CLASSES: dict[tuple[str, ...], type] = {}


def _as_object(value: Any) -> Any:  # noqa: ANN401
    if isinstance(value, list):
        return [_as_object(part) for part in value]
    if not isinstance(value, dict):
        return value
    names = tuple(_snake(key) for key in value)
    if names not in _CLASSES:
        _CLASSES[names] = make_dataclass("Loaded", names)
    return _CLASSES[names](*(_as_object(part) for part in value.values()))


def _snake(key: str) -> str:
    return "".join(f"_{letter.lower()}" if letter.isupper() else letter for letter in key)


def sql(dsn: str) -> Any:  # noqa: ANN401
    """The JSON made by one query from columns in normal form, sent as bytes."""
    with psycopg.connect(dsn, autocommit=True, row_factory=tuple_row) as connection:
        _normal_form(connection)
    pool = ConnectionPool(dsn, min_size=2, max_size=4, kwargs={"autocommit": True, "prepare_threshold": 1})
    app = FastAPI()

    @app.post("/graphql")
    def answer(request: Request) -> Response:  # noqa: ARG001
        with pool.connection() as connection:
            row = connection.execute(_QUERY, [CLASS]).fetchone()
        return Response(row[0] if row else b"", media_type="application/json")

    return app


def _normal_form(connection: psycopg.Connection[Any]) -> None:
    """Cells, grades and inputs of averages as tables, as one would have them without stored JSON."""
    cells = _cells_table(connection)
    connection.execute("DROP SCHEMA IF EXISTS plain CASCADE; CREATE SCHEMA plain")
    connection.execute(_CELLS.replace("CELLS", cells))  # type: ignore[arg-type]
    connection.execute(_GRADES.replace("CELLS", cells))  # type: ignore[arg-type]
    connection.execute(_INDEXES)


def _cells_table(connection: psycopg.Connection[Any]) -> str:
    row = connection.execute(
        "SELECT table_schema, table_name FROM information_schema.columns"
        " WHERE column_name = 'content' AND table_schema LIKE 'read%' ORDER BY 2 LIMIT 1"
    ).fetchone()
    if row is None:
        raise LookupError("there is no table of cells")
    return f'"{row[0]}"."{row[1]}"'


_CELLS = """CREATE TABLE plain.cells AS SELECT class_id, subject_id, pupil_id,
 convert_from(content, 'UTF8')::json -> 'average' AS average FROM CELLS"""
_GRADES = """CREATE TABLE plain.grades AS SELECT c.class_id, c.subject_id, c.pupil_id, g.* FROM CELLS c,
 json_to_recordset(convert_from(c.content, 'UTF8')::json -> 'grades') AS g(id text, kind text, value text,
 description text, comment text, "categoryId" text, weight text, "on" text, "columnId" text, "teacherId" text,
 improves text, "improvedBy" text, "givenAt" text, position bigint, changes json, "struckOut" json,
 counted boolean)"""
_INDEXES = """CREATE INDEX ON plain.cells (class_id, subject_id, pupil_id);
 CREATE INDEX ON plain.grades (class_id, subject_id, pupil_id); ANALYZE plain.cells; ANALYZE plain.grades"""
_QUERY = """
SELECT convert_to(json_build_object('data', json_build_object('gradebook', json_build_object('cells',
    json_agg(json_build_object('classId', c.class_id, 'subjectId', c.subject_id, 'pupilId', c.pupil_id,
        'average', c.average, 'grades', g.grades) ORDER BY c.subject_id, c.pupil_id))))::text, 'UTF8')
FROM plain.cells c JOIN (
    SELECT class_id, subject_id, pupil_id, json_agg(json_build_object('id', id, 'kind', kind,
        'value', value, 'description', description, 'comment', comment, 'categoryId', "categoryId",
        'weight', weight, 'on', "on", 'columnId', "columnId", 'teacherId', "teacherId",
        'improves', improves, 'improvedBy', "improvedBy", 'givenAt', "givenAt", 'position', position,
        'changes', changes, 'struckOut', "struckOut", 'counted', counted) ORDER BY "on", position) AS grades
    FROM plain.grades WHERE class_id = %s GROUP BY 1, 2, 3
) g USING (class_id, subject_id, pupil_id)"""


def own(dsn: str) -> Any:  # noqa: ANN401
    return create_app(System(settings(dsn), dsn))


if __name__ == "__main__":
    kind, dsn, port = sys.argv[1:]
    keep_freed_memory()  # of all kinds, as `dziennik serve` does
    app = {"dziennik": own, "naive": naive, "sql": sql}[kind](dsn)
    uvicorn.run(app, host="127.0.0.1", port=int(port), log_level="warning", access_log=False)
