"""The trail tells which settings are others than at the last start, and never what they are."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from chat import audit
from chat.audit import Action, Filter
from chat.config import load_settings
from chat.database import Database
from chat.environment import Fingerprints

KEY = "only for tests, " * 4
Start = Callable[..., list[str]]


@pytest.fixture
def start(database: Database, tmp_path: Path) -> Start:
    """A start of the site with these settings; the names that changed."""

    def begin(**environ: str) -> list[str]:
        given = {"PARLEY_DATA_DIR": str(tmp_path), "SECRET_KEY": KEY} | environ
        return audit.note_settings(database, load_settings(given).fingerprints)

    return begin


def test_the_first_start_and_one_with_the_same_settings_tell_nothing(start: Start) -> None:
    assert start() == []
    assert start() == []
    assert start(PORT="9000", HOST="0.0.0.0") == []  # each process has its own


def test_changed_set_and_unset_settings_are_named_and_no_value_is_kept(
    start: Start, database: Database
) -> None:
    start(PARLEY_SITE_NAME="Aurelia", PARLEY_SYSTEM_TEXT="Of Aurelia")
    changed = start(PARLEY_SITE_NAME="Aurelia 2", PARLEY_MAX_RUNS="5")
    assert changed == ["PARLEY_MAX_RUNS", "PARLEY_SITE_NAME", "PARLEY_SYSTEM_TEXT"]
    with database.reading() as session:
        [told] = audit.read(session, Filter(action=Action.SETTINGS_CHANGED))
    assert "urelia" not in told.details
    assert json.loads(told.details) == {"names": changed}


def test_another_secret_key_is_told_alone(start: Start) -> None:
    start()
    assert start(SECRET_KEY="another one for tests, " * 3) == ["SECRET_KEY"]


def test_a_setting_that_comes_with_a_new_version_is_told_only_where_it_is_set(
    database: Database,
) -> None:
    known = {"SECRET_KEY": "k", "OLD": "o"}
    audit.note_settings(database, Fingerprints(known))
    newer = Fingerprints(known | {"NEW": "n", "SET": "s"}, frozenset({"SET"}))
    assert audit.note_settings(database, newer) == ["SET"]
