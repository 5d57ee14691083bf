"""Questions of one shape that are asked very often: compiled once a process, asked anew each time.

Django builds and compiles each statement afresh, which costs several times what the database takes to answer
a small one. decisions/0049 and 0050 say which questions are asked this way, and which are not.
"""

from __future__ import annotations

import copy
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from typing import Any, Protocol, Self, runtime_checkable

from django.core.exceptions import EmptyResultSet
from django.db import DEFAULT_DB_ALIAS, connections
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models import Model, QuerySet
from django.db.models.expressions import RawSQL
from django.db.models.sql.compiler import SQLCompiler
from django.db.transaction import TransactionManagementError

FIRST_NUMBER, FIRST_YEAR = 1_987_650_000, 1001
"""What stands for a number or a day while a question is compiled; no question says these itself."""
MOST_SHAPES = 100
"""Of one question so many statements are kept; what more there is pushes out all of them."""

NO_KEY = -1
"""The key of no row."""

Plain = int | str | date


@runtime_checkable
class Shaped(Protocol):
    """A value of which more than one number, text or day stands in a statement.

    Two of one `shape` make the same statement, in which their `values` stand one by one.
    """

    @property
    def shape(self) -> str: ...

    @property
    def values(self) -> Sequence[Plain]: ...

    def with_values(self, values: Sequence[Plain]) -> Self:
        """One of the same shape with these values."""
        ...


@dataclass(frozen=True)
class Chosen:
    """Rows of a model that a condition chooses, which is compiled already: still a condition, no list."""

    sql: str
    values: tuple[Any, ...]

    @classmethod
    def by(cls, rows: QuerySet) -> Chosen:
        """By the condition of a queryset."""
        known = getattr(rows, "chosen", None)
        if known is not None:
            return known
        try:
            sql, values = rows.order_by().values("pk").query.sql_with_params()
        except EmptyResultSet:
            return cls.by(rows.model._default_manager.filter(pk=NO_KEY))
        return cls(sql, tuple(values))

    def rows(self, model: type[Model]) -> Any:
        """The same rows of the model, for further conditions; `by` knows them again."""
        of_values = RawSQL(self.sql, self.values)  # noqa: S611 - values stand apart
        found: Any = model._default_manager.filter(pk__in=of_values)
        found.chosen = self
        return found


@dataclass(frozen=True)
class _Ready:
    """A question as one kind of database is asked it: where in its parameters each value goes."""

    queryset: Any
    compiler: SQLCompiler
    sql: str
    parameters: tuple[Any, ...]
    places: tuple[tuple[int, str, int], ...]
    chosen: tuple[tuple[int, str], ...]


class _Query:
    """A query whose statement is there already."""

    def __init__(self, query: Any, compiler: SQLCompiler) -> None:
        self._query, self._compiler = query, compiler

    def get_compiler(self, *_args: object, **_kwargs: object) -> SQLCompiler:
        return self._compiler

    def __getattr__(self, name: str) -> Any:
        return getattr(self._query, name)


@dataclass
class _Asked:
    """What Django's readers of rows look at in a queryset."""

    model: Any
    db: str
    query: _Query
    _fields: Any
    _known_related_objects: dict = field(default_factory=dict)


class Compiled:
    """A question whose statement differs in its values alone.

    A value is a whole number, a text, a day or a moment; a list of these, said as `[int]`, of which each
    length is a statement of its own; something `Shaped`, of which each shape is; or the rows of a model, said
    by its class, whose condition is put in as it is. `build` makes the queryset from the values by name, and
    is called once for each statement and kind of database; so it must not look at the values, nor at the
    clock, nor at anything else that changes. A value that is left out, such as None, would be another
    statement and is refused.
    """

    def __init__(self, build: Callable[..., QuerySet], **kinds: Any) -> None:
        self._build, self._kinds = build, kinds
        self._ready: dict[tuple[Any, ...], _Ready | None] = {}

    def __call__(self, **values: Any) -> list[Any]:
        """Ask with these values: the rows as the queryset gives them, read from the database now."""
        connection = connections[DEFAULT_DB_ALIAS]
        ready = self._ready_for(values, connection)
        if ready is None:
            return []
        if ready.queryset.query.select_for_update and not connection.in_atomic_block:
            raise TransactionManagementError("Rows are locked in a transaction.")
        return list(self._rows(ready, *self._said(ready, values, connection), connection))

    def first(self, **values: Any) -> Any:
        """Ask with these values: the first of the rows, or None."""
        return next(iter(self(**values)), None)

    def get(self, **values: Any) -> Any:
        """Ask with these values for a row that is there; raises the model's `DoesNotExist` if it is not."""
        found = self(**values)
        if not found:
            raise self.afresh(**values).model.DoesNotExist
        return found[0]

    def chosen(self, **values: Any) -> Any:
        """The rows of a question that asks for keys alone, for further conditions; nothing is asked yet."""
        connection = connections[DEFAULT_DB_ALIAS]
        ready = self._ready_for(values, connection)
        if ready is None:
            return self.afresh(**values).model._default_manager.filter(pk=NO_KEY)
        sql, parameters = self._said(ready, values, connection)
        return Chosen(sql, tuple(parameters)).rows(ready.queryset.model)

    def afresh(self, **values: Any) -> QuerySet:
        """The queryset of these values, built as if nothing were compiled."""
        chosen = {name for name, kind in self._kinds.items() if _is_model(kind)}
        said = {name: Chosen.by(values[name]).rows(self._kinds[name]) for name in chosen}
        return self._build(**values | said)

    def _ready_for(self, values: dict[str, Any], connection: BaseDatabaseWrapper) -> _Ready | None:
        """The statement of these values' shape, compiled now if none was asked before."""
        if values.keys() != self._kinds.keys():
            raise TypeError(f"This question takes {', '.join(self._kinds)}.")
        shape = (connection.vendor, *(_shape(values[name], kind) for name, kind in self._kinds.items()))
        try:
            return self._ready[shape]
        except KeyError:  # none of this shape was asked, or another thread let all of them go
            pass
        if len(self._ready) >= MOST_SHAPES:
            self._ready.clear()
        ready = self._ready[shape] = self._compile(values, connection)
        return ready

    def _said(
        self, ready: _Ready, values: dict[str, Any], connection: BaseDatabaseWrapper
    ) -> tuple[str, list[Any]]:
        """The statement and its parameters with these values."""
        spread = {
            name: [_prepared(one, connection) for one in _spread(values[name], kind)]
            for name, kind in self._kinds.items()
            if not _is_model(kind)
        }
        parameters = list(ready.parameters)
        for place, name, number in ready.places:
            parameters[place] = spread[name][number]
        if not ready.chosen:
            return ready.sql, parameters
        chosen = {place: Chosen.by(values[name]) for place, name in ready.chosen}
        pieces = ready.sql.split("%s")
        sql: list[str] = [pieces[0]]
        all_parameters: list[Any] = []
        for place, (parameter, piece) in enumerate(zip(parameters, pieces[1:], strict=True)):
            rows = chosen.get(place)
            sql += [rows.sql if rows else "%s", piece]
            all_parameters += rows.values if rows else [parameter]
        return "".join(sql), all_parameters

    def _rows(
        self, ready: _Ready, sql: str, parameters: list[Any], connection: BaseDatabaseWrapper
    ) -> Iterator[Any]:
        compiler, queryset = copy.copy(ready.compiler), ready.queryset
        compiler.connection = connection
        compiler.as_sql = lambda *_args, **_kwargs: (sql, tuple(parameters))  # type: ignore[method-assign]
        asked = _Asked(queryset.model, DEFAULT_DB_ALIAS, _Query(queryset.query, compiler), queryset._fields)
        return iter(queryset._iterable_class(asked))

    def _compile(self, values: dict[str, Any], connection: BaseDatabaseWrapper) -> _Ready | None:
        """The statement of this shape; None where, for what nobody's posts grant, there can be no row."""
        stands_for: dict[str, Any] = {}
        signs: dict[Any, tuple[str, int]] = {}
        for name, kind in self._kinds.items():
            said = [_sign(one, len(signs) + number) for number, one in enumerate(_spread(values[name], kind))]
            stands_for[name] = _stand_in(values[name], kind, said)
            signs |= {_prepared(sign, connection): (name, number) for number, sign in enumerate(said)}
        queryset: Any = self._build(**stands_for)
        compiler = queryset.query.get_compiler(connection=connection)
        try:
            sql, parameters = compiler.as_sql()
        except EmptyResultSet:
            if any(isinstance(one, Shaped) for one in values.values()):
                return None
            raise
        places = [(place, *signs[value]) for place, value in enumerate(parameters) if value in signs]
        self._check(queryset, sql, {place[1:] for place in places}, signs)
        plain = tuple(one for one in places if not _is_model(self._kinds[one[1]]))
        chosen = tuple(one[:2] for one in places if _is_model(self._kinds[one[1]]))
        return _Ready(queryset, compiler, sql, tuple(parameters), plain, chosen)

    def _check(
        self, queryset: Any, sql: str, said: set[tuple[str, int]], signs: dict[Any, tuple[str, int]]
    ) -> None:
        """Each value stands in the statement; of something shaped only what its shape asks for."""
        asked = {one for one in signs.values() if not _is_shaped(self._kinds[one[0]])}
        if asked - said or any(str(sign) in sql for sign in signs) or queryset._prefetch_related_lookups:
            raise TypeError("Each value of a compiled question must stand in its statement as it is.")


def _is_model(kind: Any) -> bool:
    return isinstance(kind, type) and issubclass(kind, Model)


def _is_shaped(kind: Any) -> bool:
    return not isinstance(kind, list) and not issubclass(kind, Plain | Model)


def _shape(value: Any, kind: Any) -> Any:
    """What of a value makes the statement another one; a value of another kind is refused."""
    of_rows: Any = QuerySet if _is_model(kind) else Sequence if isinstance(kind, list) else kind
    if (
        not isinstance(value, of_rows)
        or (isinstance(kind, list) and isinstance(value, str))
        or (kind in (int, date) and isinstance(value, bool | datetime))
    ):
        wanted = getattr(of_rows, "__name__", of_rows)
        raise TypeError(f"A compiled question was asked with {type(value).__name__}, not {wanted}.")
    if isinstance(kind, list):
        return len([_shape(one, kind[0]) for one in value])
    return value.shape if _is_shaped(kind) else ""


def _spread(value: Any, kind: Any) -> Sequence[Plain]:
    """Each number, text or day of a value; of rows one text, in whose place their condition is put."""
    if isinstance(kind, list):
        return value
    if _is_model(kind):
        return [""]
    return value.values if _is_shaped(kind) else [value]


def _stand_in(value: Any, kind: Any, signs: list[Any]) -> Any:
    """What a question is built with in place of a value."""
    if isinstance(kind, list):
        return signs
    if _is_model(kind):
        return Chosen("%s", tuple(signs)).rows(kind)
    return value.with_values(signs) if _is_shaped(kind) else signs[0]


def _sign(value: Plain, place: int) -> Plain:
    if isinstance(value, datetime):
        return datetime(FIRST_YEAR + place, 2, 3, tzinfo=UTC)
    if isinstance(value, date):
        return date(FIRST_YEAR + place, 2, 3)
    return FIRST_NUMBER + place if isinstance(value, int) else f"value {FIRST_NUMBER + place}"


def _prepared(value: Plain, connection: BaseDatabaseWrapper) -> Any:
    """The value as the database takes it."""
    if isinstance(value, datetime):
        return connection.ops.adapt_datetimefield_value(value)
    return connection.ops.adapt_datefield_value(value) if isinstance(value, date) else value
