"""Sessions and API tokens: what lets somebody in, until when, and who may end it."""

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import event, select, update

from chat.accounts import api_tokens, people, sessions
from chat.accounts.sessions import Device
from chat.accounts.tokens import is_setup_token, setup_token, token_hash
from chat.database import Database
from chat.errors import Conflict, NotFound
from chat.models import ApiToken, LoginSession
from chat.statements import Prepared
from chat.values import Viewer, utc_now

DAY = timedelta(days=1)
HERE = Device("Firefox on Linux", "192.0.2.1")


def start(database: Database, viewer: Viewer, lifetime: timedelta = DAY) -> tuple[str, Viewer]:
    with database.writing() as session:
        credentials = people.credentials_by_id(session, viewer.id)
        token = sessions.start(session, credentials, HERE, lifetime)
        assert token is not None
        found = sessions.find(session, token)
    return token, found.viewer if found else viewer


def test_a_token_finds_its_viewer_by_one_query(
    database: Database, bob: Viewer, monkeypatch: pytest.MonkeyPatch
) -> None:
    token, _ = start(database, bob)
    executed: list[Any] = []
    execute = Prepared._execute

    def note(prepared: Prepared, *given: Any) -> Any:
        executed.append(prepared)
        return execute(prepared, *given)

    def note_other(*given: Any) -> None:
        executed.append(given)

    monkeypatch.setattr(Prepared, "_execute", note)
    event.listen(database.engine, "before_cursor_execute", note_other)
    with database.querying() as session:
        found = sessions.find(session, token)
    event.remove(database.engine, "before_cursor_execute", note_other)
    assert found is not None
    assert found.viewer.email == bob.email
    assert [str(role) for role in found.viewer.space_roles] == ["editor", "owner"]
    assert len(executed) == 1


def test_the_database_holds_no_token(database: Database, bob: Viewer) -> None:
    token, viewer = start(database, bob)
    with database.writing() as session:
        key = api_tokens.create(session, viewer, "script")
    with database.reading() as session:
        assert session.scalar(select(LoginSession.token_hash)) == token_hash(token)
        hashes = set(session.scalars(select(ApiToken.token_hash)))
    assert token_hash(key) in hashes
    assert key not in hashes


def test_every_sign_in_has_a_token_of_its_own(database: Database, bob: Viewer) -> None:
    assert start(database, bob)[0] != start(database, bob)[0]


@pytest.mark.parametrize("token", ["", "unknown", "\0", "\ud800", "x" * 200_000])
def test_an_unknown_token_is_nobodys(database: Database, token: str) -> None:
    with database.reading() as session:
        assert sessions.find(session, token) is None
        assert api_tokens.find(session, token) is None


def test_a_session_ends_with_its_time(database: Database, bob: Viewer) -> None:
    token, viewer = start(database, bob, timedelta(seconds=-1))
    with database.reading() as session:
        assert sessions.find(session, token) is None
        assert not sessions.is_valid(session, viewer)
    start(database, bob)  # the next sign-in sweeps
    with database.reading() as session:
        assert session.scalar(
            select(LoginSession).where(LoginSession.token_hash == token_hash(token))
        ) is None  # fmt: skip


def test_an_open_stream_learns_that_its_session_is_over(database: Database, bob: Viewer) -> None:
    token, viewer = start(database, bob)
    with database.writing() as session:
        key = api_tokens.create(session, viewer, "script")
        by_key = api_tokens.find(session, key)
    assert by_key is not None
    with database.writing() as session:
        assert sessions.is_valid(session, viewer)
        assert sessions.is_valid(session, by_key.viewer)
        sessions.end_by_token(session, token)
        assert not sessions.is_valid(session, viewer)
        people.disable(session, bob.id)
        assert not sessions.is_valid(session, by_key.viewer)
        assert not sessions.is_valid(session, bob)  # a viewer without a session


def test_the_last_use_is_written_once_a_minute(database: Database, bob: Viewer) -> None:
    token, viewer = start(database, bob)
    session_id = viewer.session_id or ""
    before = utc_now() - timedelta(minutes=2)
    with database.writing() as session:
        fresh = sessions.find(session, token)
        assert fresh is not None
        assert not fresh.stale
        session.execute(update(LoginSession).values(last_used_at=before))
        stale = sessions.find(session, token)
        assert stale is not None
        assert stale.stale
        sessions.touch(session, session_id)
        (touched,) = sessions.list_own(session, bob)
        assert touched.last_used_at > before
        sessions.touch(session, session_id)
        assert sessions.list_own(session, bob) == [touched]


def test_only_its_owner_sees_and_ends_a_session(
    database: Database, alice: Viewer, bob: Viewer
) -> None:
    _, of_bob = start(database, bob)
    with database.writing() as session:
        assert sessions.list_own(session, alice) == []
        with pytest.raises(NotFound):
            sessions.end(session, alice, of_bob.session_id or "")
        sessions.end(session, bob, of_bob.session_id or "")
        with pytest.raises(NotFound):
            sessions.end(session, bob, of_bob.session_id or "")


def test_only_its_owner_sees_and_revokes_a_token(
    database: Database, alice: Viewer, bob: Viewer
) -> None:
    with database.writing() as session:
        key = api_tokens.create(session, bob, "nightly import")
        found = api_tokens.find(session, key)
        assert found is not None
        assert found.stale
        key_id = found.viewer.session_id or ""
        assert "nightly import" not in {token.name for token in api_tokens.list_own(session, alice)}
        with pytest.raises(NotFound):
            api_tokens.revoke(session, alice, key_id)
        api_tokens.touch(session, key_id)
        used = api_tokens.find(session, key)
        assert used is not None
        assert not used.stale
        api_tokens.revoke(session, bob, key_id)
        assert api_tokens.find(session, key) is None


def test_nobody_collects_tokens_without_end(database: Database, bob: Viewer) -> None:
    with database.writing() as session:
        while len(api_tokens.list_own(session, bob)) < 50:
            api_tokens.create(session, bob, "one more")
        with pytest.raises(Conflict):
            api_tokens.create(session, bob, "one too many")


def test_the_set_up_token_follows_from_the_secret_alone() -> None:
    token = setup_token("secret")
    assert len(token) == 64
    assert is_setup_token("secret", token)
    for wrong in ("", token[:-1], token.upper() + "0", setup_token("other"), "é", "\ud800"):
        assert not is_setup_token("secret", wrong)
