"""Invitations and reset links: once, until they end, whoever else asks at the same time."""

import threading
from collections.abc import Callable
from datetime import timedelta

import pytest
from sqlalchemy import create_engine, update

from chat.accounts import FieldInvalid, invites, people, reset_links
from chat.accounts.passwords import PasswordHash
from chat.database import Database
from chat.errors import NotFound
from chat.models import Invite, ResetLink
from chat.values import Role, Viewer, utc_now

DAY = timedelta(days=1)


@pytest.fixture
def invite(database: Database, alice: Viewer) -> str:
    with database.writing() as session:
        return invites.create(session, alice, Role.MEMBER, DAY, "for Dora")


def redeem(database: Database, token: str, email: str, space_id: str) -> None:
    with database.writing() as session:
        invites.redeem(
            session, token, email=email, name="Dora", password_hash=PasswordHash("x"),
            space_id=space_id,
        )  # fmt: skip


def outcomes(attempts: list[Callable[[], None]]) -> list[str]:
    """What came of attempts that start together, each on a thread of its own."""
    results: list[str] = []
    together = threading.Barrier(len(attempts))

    def run(attempt: Callable[[], None]) -> None:
        together.wait(timeout=10)
        try:
            attempt()
            results.append("won")
        except NotFound:
            results.append("lost")

    threads = [threading.Thread(target=run, args=(attempt,)) for attempt in attempts]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=20)
    return sorted(results)


def test_an_invitation_redeemed_by_two_at_once_makes_one_account(
    database: Database, invite: str, space_id: str
) -> None:
    other = Database(create_engine(database.engine.url))  # with its own lock, as another process
    attempts = [
        lambda db=db, n=n: redeem(db, invite, f"dora{n}@example.org", space_id)
        for n, db in enumerate([database, other] * 3)
    ]
    assert outcomes(attempts) == ["lost"] * 5 + ["won"]
    with database.reading() as session:
        assert len(people.list_people(session)) == 4
    other.engine.dispose()


def test_an_invitation_is_kept_when_its_account_cannot_be_made(
    database: Database, invite: str, space_id: str
) -> None:
    with pytest.raises(FieldInvalid):
        redeem(database, invite, "bob@example.org", space_id)
    redeem(database, invite, "dora@example.org", space_id)
    with pytest.raises(NotFound):
        redeem(database, invite, "emil@example.org", space_id)


def test_an_invitation_gives_the_role_that_it_names(
    database: Database, alice: Viewer, space_id: str
) -> None:
    with database.writing() as session:
        token = invites.create(session, alice, Role.ADMIN, DAY, "")
    redeem(database, token, "dora@example.org", space_id)
    with database.reading() as session:
        person = people.find_by_email(session, "dora@example.org")
    assert person is not None
    assert person.role is Role.ADMIN


def test_an_invitation_ends_with_its_time_or_when_it_is_withdrawn(
    database: Database, alice: Viewer, invite: str, space_id: str
) -> None:
    with database.writing() as session:
        (pending,) = invites.list_pending(session)
        assert (pending.note, pending.inviter) == ("for Dora", "Alice")
        invites.withdraw(session, pending.id)
        assert invites.list_pending(session) == []
        with pytest.raises(NotFound):
            invites.withdraw(session, pending.id)
        late = invites.create(session, alice, Role.MEMBER, DAY, "")
    with pytest.raises(NotFound):
        redeem(database, invite, "dora@example.org", space_id)
    with database.writing() as session:
        session.execute(update(Invite).values(expires_at=utc_now()))
    with pytest.raises(NotFound):
        redeem(database, late, "dora@example.org", space_id)


def test_a_reset_link_used_by_two_at_once_sets_one_password(
    database: Database, bob: Viewer
) -> None:
    with database.writing() as session:
        token = reset_links.create(session, bob.id)

    def use(text: str) -> Callable[[], None]:
        def attempt() -> None:
            with database.writing() as session:
                reset_links.redeem(session, token, PasswordHash(text))

        return attempt

    assert outcomes([use("first"), use("second"), use("third")]) == ["lost", "lost", "won"]


def test_a_reset_link_ends_with_its_time(database: Database, bob: Viewer) -> None:
    with database.writing() as session:
        token = reset_links.create(session, bob.id)
        assert reset_links.find(session, token).email == bob.email
        session.execute(update(ResetLink).values(expires_at=utc_now()))
        with pytest.raises(NotFound):
            reset_links.find(session, token)


@pytest.mark.parametrize("token", ["", "unknown", "\0", "\ud800", "x" * 200_000])
def test_an_unknown_link_does_nothing(database: Database, token: str, space_id: str) -> None:
    with database.reading() as session:
        with pytest.raises(NotFound):
            invites.find(session, token)
        with pytest.raises(NotFound):
            reset_links.find(session, token)
