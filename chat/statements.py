"""Statements of the hot path: compiled once, then executed by the driver itself.

Each request, each send and each end of an answer executes the same few. SQLAlchemy's own way to the
driver takes four times what the driver takes, mostly to find out again how the statement is to be
executed. Keeps true: values and rows are converted by the types of the columns, and errors are
SQLAlchemy's, as everywhere else. May import database.
"""

from collections import namedtuple
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

from sqlalchemy import Connection, Dialect
from sqlalchemy.sql.expression import ClauseElement
from sqlalchemy.types import TypeEngine

from chat.database import Statements

Result = TypeVar("Result")
_MOST_WIDENED = 500  # lengths of lists, for each statement
Convert = Callable[[Any], Any]
Values = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class _Form:
    """A statement as one kind of database is told it: `order` is that of its parameters where they
    have no names; `row` makes a row of what the driver reads."""

    text: str
    fixed: Values  # of parameters that the statement itself gives, as the driver takes them
    order: Sequence[str] | None
    converted: Mapping[str, Convert]
    lists: Sequence[str]  # parameters of which each is the list of an IN
    row: Callable[[Sequence[Any]], Any] | None
    widened: dict[tuple[int, ...], str]  # the text for lists of these lengths

    def told(self, values: Values) -> tuple[str, Any]:
        """The text, and the values as the driver takes them; KeyError where one is missing."""
        ready = {**self.fixed, **values}
        for name, convert in self.converted.items():
            ready[name] = convert(ready[name])
        text = self._widen(ready) if self.lists else self.text
        if self.order is None:
            return text, ready
        if not self.lists:
            return text, [ready[name] for name in self.order]
        own = ((ready[name] if name in self.lists else (ready[name],)) for name in self.order)
        return text, [value for values in own for value in values]

    def _widen(self, ready: dict[str, Any]) -> str:
        """The text for these lists, whose values get names where parameters have some."""
        lengths = tuple(len(ready[name]) for name in self.lists)
        if self.order is None:
            for name in self.lists:
                ready |= {f"{name}_{n}": value for n, value in enumerate(ready[name])}
        text = self.widened.get(lengths)
        if text is None:
            if len(self.widened) >= _MOST_WIDENED:
                self.widened.clear()
            text = self.text
            for name, length in zip(self.lists, lengths, strict=True):
                text = text.replace(f"__[POSTCOMPILE_{name}]", self._marks(name, length))
            self.widened[lengths] = text
        return text

    def _marks(self, name: str, length: int) -> str:
        """What stands for the values of a list; nothing is IN an empty one, as with NULL."""
        if self.order is not None:
            return ", ".join("?" * length) or "NULL"
        return ", ".join(f"%({name}_{n})s" for n in range(length)) or "NULL"


class Prepared:
    """One statement; `columns` are those that an `insert` or `update` without values is to set.

    A default of a column is not applied here: an `insert` names all columns that need a value. A
    list is that of an IN, with values that need no conversion, never that of a NOT IN.
    """

    def __init__(self, statement: ClauseElement, columns: Sequence[str] = ()) -> None:
        self._statement, self._columns = statement, columns
        self._forms: dict[str, _Form] = {}

    def rows(self, on: Statements, values: Values) -> list[Any]:
        """All rows of a query, with the names of their columns if it is not one of text."""
        form, found = self._execute(on, values, _read)
        return [form.row(row) for row in found] if form.row else found

    def first(self, on: Statements, values: Values) -> Any | None:
        """The only row of a query that there can be, or None."""
        rows = self.rows(on, values)
        return rows[0] if rows else None

    def change(self, on: Statements, values: Values) -> int:
        """How many rows were written, changed or deleted."""
        _, count = self._execute(on, values, _count)
        return count

    def _execute(
        self, on: Statements, values: Values, take: Callable[[Any], Result]
    ) -> tuple[_Form, Result]:
        connection = _connection_of(on)
        dialect = connection.dialect
        form = self._forms.get(dialect.name) or self._compile(dialect)
        text, given = form.told(values)
        driver, cursor = connection.connection, None
        try:
            cursor = driver.cursor()
            cursor.execute(text, given)
            return form, take(cursor)  # SQLite may fail as late as here
        except Exception as error:  # the driver's become SQLAlchemy's, and lost connections known
            connection._handle_dbapi_exception(error, text, given, cursor, None)
        finally:
            if cursor is not None:
                cursor.close()

    def _compile(self, dialect: Dialect) -> _Form:
        names = list(self._columns) or None
        compiled: Any = self._statement.compile(dialect=dialect, column_keys=names)
        lists = [bind.key for bind in compiled.post_compile_params if bind.expanding]
        if compiled.insert_prefetch or compiled.update_prefetch:
            raise ValueError(f"every value is given, one for each parameter: {compiled}")
        types = {name: bind.type for name, bind in compiled.binds.items()}
        plain = {name: kind for name, kind in types.items() if name not in lists}
        converted = {name: one for name, kind in plain.items() if (one := _in(kind, dialect))}
        self._forms[dialect.name] = form = _Form(
            text=compiled.string,
            fixed={name: value for name, value in compiled.params.items() if value is not None},
            order=compiled.positiontup,
            converted=converted,
            lists=lists,
            row=_reader([(one.keyname, one.type) for one in compiled._result_columns], dialect),
            widened={},
        )
        return form


def _read(cursor: Any) -> list[Any]:
    rows: list[Any] = cursor.fetchall()
    return rows


def _count(cursor: Any) -> int:
    count: int = cursor.rowcount
    return count


def _connection_of(on: Statements) -> Connection:
    if isinstance(on, Connection):
        return on
    on.flush()  # what its objects have changed is there for every statement that follows
    return on.connection()


def _in(kind: TypeEngine[Any], dialect: Dialect) -> Convert | None:
    return kind.dialect_impl(dialect).bind_processor(dialect)


def _reader(
    columns: Sequence[tuple[str, TypeEngine[Any]]], dialect: Dialect
) -> Callable[[Sequence[Any]], Any] | None:
    """What makes a named row; None where the columns are not known."""
    if not columns:
        return None
    row: Any = namedtuple("Row", [name for name, _ in columns], rename=True)  # type: ignore[misc]
    make: Callable[[Sequence[Any]], Any] = row._make
    kinds = [kind.dialect_impl(dialect) for _, kind in columns]
    converts = [kind.result_processor(dialect, None) for kind in kinds]
    converted = [(place, convert) for place, convert in enumerate(converts) if convert]
    if not converted:
        return make

    def read(row: Sequence[Any]) -> Any:
        values = list(row)
        for place, convert in converted:
            values[place] = convert(values[place])
        return make(values)

    return read
