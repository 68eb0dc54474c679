"""Plain values: ids sort by the time they were made, times are in UTC."""

import uuid
from datetime import UTC, datetime, timedelta, timezone

from chat.values import iso, new_id


def test_ids_made_later_sort_later() -> None:
    ids = [new_id() for _ in range(10_000)]
    assert ids == sorted(set(ids))


def test_an_id_is_a_uuid_of_version_seven() -> None:
    made = uuid.UUID(new_id())
    assert (made.version, made.variant) == (7, uuid.RFC_4122)


def test_times_are_told_in_utc_with_milliseconds() -> None:
    moment = datetime(2026, 1, 2, 3, 4, 5, 678_900, tzinfo=timezone(timedelta(hours=2)))
    assert iso(moment) == "2026-01-02T01:04:05.678Z"
    assert iso(datetime(2026, 1, 2, tzinfo=UTC).replace(tzinfo=None)) == "2026-01-02T00:00:00.000Z"
