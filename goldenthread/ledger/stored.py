"""The ledger's rows exactly as the database holds them, in batches, whatever somebody put there."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.db import connection

BATCH = 5_000
EVENT_COLUMNS = (
    "position",
    "at",
    "by",
    "what",
    "about_kind",
    "about_id",
    "about_label",
    "digest",
    "previous",
    "hash",
)
READ_COLUMNS = ("id", "at", "by", "about_kind", "about_id", "how")
SQLITE_MOMENT = re.compile(r"(\d{4}-\d\d-\d\d) (\d\d:\d\d:\d\d)(?:\.(?!0{6})(\d{6}))?")

Row = dict[str, Any]


def events(after: int | None = None) -> Iterator[Row]:
    """Every event with its values (`salt` and `values` are None where the row is missing), by position."""
    columns = [_column("e", name) for name in EVENT_COLUMNS] + ['v.salt, v."values", v.event_id']
    source = "ledger_event e LEFT JOIN ledger_event_values v ON v.event_id = e.position"
    for row in _rows(", ".join(columns), source, key="e.position", after=after):
        yield dict(zip((*EVENT_COLUMNS, "salt", "values", "values_of"), row, strict=True))


def hashes(after: int) -> Iterator[tuple[int, str]]:
    """The position and hash of every event after one."""
    yield from _rows("e.position, e.hash", "ledger_event e", key="e.position", after=after)


def reads(after: int | None = None) -> Iterator[Row]:
    """Every read by its number, as the read log's digest takes it."""
    columns = ", ".join(_column("r", name) for name in READ_COLUMNS)
    for row in _rows(columns, "ledger_read r", key="r.id", after=after):
        yield dict(zip(READ_COLUMNS, row, strict=True))


def last_read() -> int | None:
    """The number of the newest read."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT max(id) FROM ledger_read")
        return cursor.fetchone()[0]


def values_without_event() -> int | None:
    """The lowest position for which there are values but no event."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT min(v.event_id) FROM ledger_event_values v "
            "WHERE NOT EXISTS (SELECT 1 FROM ledger_event e WHERE e.position = v.event_id)"
        )
        return cursor.fetchone()[0]


def values_of(what: str, *, naming: int | None = None) -> Iterator[tuple[int, str]]:
    """The position and stored values of every event of one name, by position.

    With `naming`, of later events alone in whose values a list may hold that position.
    """
    source = "ledger_event e JOIN ledger_event_values v ON v.event_id = e.position"
    asked, given = "", list[str | int]([what])
    if naming is not None:
        places = [f"%{before}{naming}{after}%" for before in "[," for after in ",]"]
        either = " OR ".join(['v."values" LIKE %s'] * len(places))
        asked = f"AND e.position > %s AND ({either}) "
        given += [naming, *places]
    with _any_text(), connection.cursor() as cursor:
        cursor.execute(
            f'SELECT e.position, v."values" FROM {source} '  # noqa: S608 - our own names
            f'WHERE e.what = %s AND v."values" IS NOT NULL {asked}ORDER BY e.position',
            given,
        )
        yield from cursor.fetchall()


def hash_at(position: int) -> str | None:
    """The hash that stands at a position."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT hash FROM ledger_event WHERE position = %s", [position])
        row = cursor.fetchone()
        return row[0] if row else None


def count(table: str) -> int:
    """How many rows a table of the ledger has."""
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT count(*) FROM {connection.ops.quote_name(table)}")  # noqa: S608 - our own names
        return cursor.fetchone()[0]


def _rows(columns: str, source: str, *, key: str, after: int | None) -> Iterator[tuple]:
    """Rows in the order of a key, a batch at a time; a stored text that is not UTF-8 does not stop them."""
    while True:
        where, parameters = ("", []) if after is None else (f"WHERE {key} > %s", [after])
        query = f"SELECT {columns} FROM {source} {where} ORDER BY {key} LIMIT {BATCH}"  # noqa: S608 - our own names
        with _any_text(), connection.cursor() as cursor:
            cursor.execute(query, parameters)
            batch = cursor.fetchall()
        for row in batch:
            yield _with_moment(row)
        if len(batch) < BATCH:
            return
        after = batch[-1][0]


def _column(table: str, name: str) -> str:
    """A column as text that both databases give alike; moments as the ledger writes them."""
    if name != "at":
        return f'{table}."{name}"'
    if connection.vendor == "postgresql":
        return f"""to_char({table}.at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"')"""
    return f"CAST({table}.at AS TEXT)"


def _with_moment(row: tuple) -> tuple:
    """SQLite's text of a moment in the second column, as the ledger writes it; anything else untouched."""
    if connection.vendor != "sqlite" or not isinstance(row[1], str):
        return row
    found = SQLITE_MOMENT.fullmatch(row[1])
    if not found:
        return row
    day, time, fraction = found.groups()
    return (row[0], f"{day}T{time}.{fraction or '000000'}Z", *row[2:])


@contextmanager
def _any_text() -> Iterator[None]:
    """Let SQLite hand over bytes that are no text, marked so that no hash fits them."""
    if connection.vendor != "sqlite":
        yield
        return
    connection.ensure_connection()
    usual = connection.connection.text_factory
    connection.connection.text_factory = lambda stored: stored.decode(errors="surrogateescape")
    try:
        yield
    finally:
        connection.connection.text_factory = usual
