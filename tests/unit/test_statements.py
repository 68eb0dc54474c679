"""Prepared statements: as SQLAlchemy would have executed them, on both databases."""

from datetime import timedelta

import pytest
from sqlalchemy import bindparam, insert, select, text, update
from sqlalchemy.exc import DBAPIError, IntegrityError, OperationalError, ProgrammingError
from sqlalchemy.orm import Session

from chat.database import Database
from chat.models import Conversation, Message, User
from chat.statements import Prepared
from chat.values import new_id, utc_now

_TABLES = User.metadata.tables
_PLACES, _MESSAGES = _TABLES["conversations"], _TABLES["messages"]
ADD = Prepared(
    insert(_PLACES), ("id", "owner_id", "visibility", "title", "created_at", "active_at")
)
FIND = Prepared(
    select(_PLACES.c.id, _PLACES.c.title, _PLACES.c.leaf_id, _PLACES.c.active_at).where(
        _PLACES.c.id == bindparam("place_id"), _PLACES.c.visibility == "private"
    )
)
RENAME = Prepared(
    update(_PLACES).where(_PLACES.c.id == bindparam("place_id")), ("title", "active_at")
)


def add(session: Session, **other: object) -> dict[str, object]:
    owner = session.scalars(select(User.id).limit(1)).one()
    row = {"id": new_id(), "owner_id": owner, "visibility": "private", "title": "Über 100 %"}
    row |= {"created_at": utc_now(), "active_at": utc_now()} | other
    assert ADD.change(session, row) == 1
    return row


def add_twice(database: Database, row: dict[str, object]) -> None:
    with database.writing() as session:
        add(session, **row)
        add(session, **row)


def test_values_and_rows_have_the_types_of_the_columns(database: Database) -> None:
    with database.writing() as session:
        row = add(session)
    with database.querying() as connection:
        found = FIND.first(connection, {"place_id": row["id"]})
        assert FIND.rows(connection, {"place_id": "nowhere"}) == []
        assert FIND.first(connection, {"place_id": "nowhere"}) is None
    assert (found.id, found.title, found.leaf_id) == (row["id"], "Über 100 %", None)
    assert found.active_at == row["active_at"]
    assert found.active_at.utcoffset() == timedelta(0)


def test_a_change_counts_its_rows(database: Database) -> None:
    with database.writing() as session:
        row = add(session)
        later = {"title": "Later", "active_at": utc_now()}
        assert RENAME.change(session, {"place_id": row["id"], **later}) == 1
        assert RENAME.change(session, {"place_id": "nowhere", **later}) == 0
    with database.reading() as session:
        place = session.get_one(Conversation, row["id"])
        assert (place.title, place.active_at) == ("Later", later["active_at"])


def test_what_objects_have_changed_is_there(database: Database) -> None:
    with database.writing() as session:
        row = add(session)
        session.get_one(Conversation, row["id"]).title = "By an object"
        assert FIND.rows(session, {"place_id": row["id"]})[0].title == "By an object"


def test_json_is_read_as_it_was_written(database: Database) -> None:
    columns = [column.name for column in _MESSAGES.c]
    add_message = Prepared(insert(_MESSAGES), columns)
    read = Prepared(select(_MESSAGES.c["metadata"]).where(_MESSAGES.c.id == bindparam("wanted")))
    details = {"sources": [{"n": 1, "quote": "ä"}], "confidence": None}
    message = dict.fromkeys(columns) | {"id": new_id(), "role": "user", "status": "complete"}
    message |= {"content": "", "thinking": "", "metadata": details, "created_at": utc_now()}
    with database.writing() as session:
        message["conversation_id"] = add(session)["id"]
        add_message.change(session, message)
        assert read.rows(session, {"wanted": message["id"]}) == [(details,)]
        assert session.get_one(Message, message["id"]).details == details


def test_errors_are_sqlalchemys_and_undo_the_transaction(database: Database) -> None:
    row = {"id": new_id()}
    with pytest.raises(IntegrityError):
        add_twice(database, row)
    with database.reading() as session:
        assert session.get(Conversation, row["id"]) is None
    broken = Prepared(text("SELECT nothing FROM nowhere"))
    with pytest.raises((OperationalError, ProgrammingError)), database.querying() as connection:
        broken.rows(connection, {})
    with database.querying() as connection:  # the connection is as good as before
        assert FIND.rows(connection, {"place_id": "nowhere"}) == []


def test_a_value_that_is_missing_is_refused(database: Database) -> None:
    with pytest.raises((KeyError, ProgrammingError)), database.querying() as connection:
        FIND.rows(connection, {})


def test_a_statement_that_leaves_a_default_to_sqlalchemy_is_refused(database: Database) -> None:
    half = Prepared(insert(_PLACES), ("id", "owner_id", "title"))
    with pytest.raises(ValueError, match="every value is given"), database.writing() as session:
        half.change(session, {"id": new_id(), "owner_id": "", "title": ""})


def test_a_list_may_have_any_length(database: Database) -> None:
    among = Prepared(
        select(_PLACES.c.id)
        .where(
            _PLACES.c.id.in_(bindparam("ids", expanding=True)),
            _PLACES.c.visibility == bindparam("visibility"),
            _PLACES.c.title.in_(bindparam("titles", expanding=True)),
        )
        .order_by(_PLACES.c.id)
    )
    with database.writing() as session:
        ids = sorted(str(add(session)["id"]) for _ in range(4))
    given = {"visibility": "private", "titles": ["Über 100 %", "None of these"]}
    with database.querying() as connection:
        for count in (0, 1, 4, 2):
            rows = among.rows(connection, {"ids": ids[:count], **given})
            assert [row.id for row in rows] == ids[:count]
        assert among.rows(connection, {"ids": ids, **given, "titles": ()}) == []


def test_an_error_of_a_later_row_is_sqlalchemys_too(database: Database) -> None:
    """SQLite computes a row when it is fetched."""
    numbers = "SELECT 1 AS n UNION ALL SELECT -9223372036854775807 - 1"
    late = Prepared(text(f"SELECT abs(n) FROM ({numbers}) AS given"))
    with pytest.raises(DBAPIError), database.querying() as connection:
        late.rows(connection, {})


def read_on_a_closed_connection(database: Database) -> None:
    with database.querying() as connection:
        driver = connection.connection.driver_connection
        assert driver is not None
        driver.close()
        FIND.rows(connection, {"place_id": "nowhere"})


def test_a_connection_that_was_closed_is_a_lost_one_not_a_defect(database: Database) -> None:
    """What the driver says before there is a cursor is SQLAlchemy's, too."""
    with pytest.raises(DBAPIError):
        read_on_a_closed_connection(database)
    with database.querying() as connection:
        assert FIND.rows(connection, {"place_id": "nowhere"}) == []
