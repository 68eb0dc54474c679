"""People: one address each, always an admin, and nothing left behind by whoever is shut out."""

from datetime import timedelta

import pytest

from chat import spaces
from chat.accounts import FieldInvalid, create_person, invites, people, reset_links, sessions
from chat.accounts.passwords import PasswordHash
from chat.accounts.sessions import Device
from chat.database import Database
from chat.errors import Conflict, NotFound
from chat.models import Member
from chat.values import Role, Viewer

DAY = timedelta(days=1)
HERE = Device("Firefox on Linux", "192.0.2.1")


def test_a_new_person_is_in_the_default_space(
    database: Database, space_id: str, known_hash: PasswordHash
) -> None:
    with database.writing() as session:
        for email, role in (("dora@example.org", Role.MEMBER), ("eve@example.org", Role.ADMIN)):
            person = create_person(
                session,
                email=email,
                name="X",
                password_hash=known_hash,
                role=role,
                space_id=space_id,
            )
            member = session.get(Member, (space_id, person.id))
            assert member is not None
            assert member.role == ("owner" if role is Role.ADMIN else "editor")


def test_an_address_belongs_to_one_person(
    database: Database, space_id: str, known_hash: PasswordHash
) -> None:
    with pytest.raises(FieldInvalid, match="already an account"), database.writing() as session:
        create_person(
            session, email="bob@example.org", name="Bob", password_hash=known_hash,
            role=Role.MEMBER, space_id=space_id,
        )  # fmt: skip
    with database.reading() as session:
        assert len(people.list_people(session)) == 3


def test_the_last_admin_stays_admin(database: Database, alice: Viewer, bob: Viewer) -> None:
    with pytest.raises(Conflict), database.writing() as session:
        people.change_role(session, alice.id, Role.MEMBER)
    with pytest.raises(Conflict), database.writing() as session:
        people.disable(session, alice.id)
    with database.writing() as session:
        people.change_role(session, bob.id, Role.ADMIN)
        people.disable(session, alice.id)
    with (
        pytest.raises(Conflict),
        database.writing() as session,
    ):  # Alice is disabled: she counts not
        people.change_role(session, bob.id, Role.MEMBER)


def test_a_disabled_person_loses_sessions_invitations_and_reset_links(
    database: Database, alice: Viewer, bob: Viewer
) -> None:
    with database.writing() as session:
        people.change_role(session, bob.id, Role.ADMIN)
        invite = invites.create(session, bob, Role.MEMBER, DAY, "")
        link = reset_links.create(session, bob.id)
        credentials = people.credentials_by_id(session, bob.id)
        token = sessions.start(session, credentials, HERE, DAY)
        assert token is not None
    with database.writing() as session:
        people.disable(session, bob.id)
    with database.reading() as session:
        assert sessions.find(session, token) is None
        assert people.credentials_of(session, bob.email) is None
        with pytest.raises(NotFound):
            invites.find(session, invite)
        with pytest.raises(NotFound):
            reset_links.find(session, link)
    with database.writing() as session:
        assert sessions.start(session, credentials, HERE, DAY) is None
        with pytest.raises(Conflict):
            reset_links.create(session, bob.id)
        people.enable(session, bob.id)
        assert people.credentials_of(session, bob.email) == credentials


def test_whoever_is_no_admin_any_more_has_no_open_invitations(
    database: Database, alice: Viewer, bob: Viewer
) -> None:
    with database.writing() as session:
        people.change_role(session, bob.id, Role.ADMIN)
        of_bob = invites.create(session, bob, Role.ADMIN, DAY, "")
        of_alice = invites.create(session, alice, Role.MEMBER, DAY, "")
        people.change_role(session, bob.id, Role.MEMBER)
    with database.reading() as session:
        assert invites.find(session, of_alice).inviter == "Alice"
        with pytest.raises(NotFound):
            invites.find(session, of_bob)


def test_a_new_password_ends_all_other_sessions_and_all_reset_links(
    database: Database, bob: Viewer
) -> None:
    with database.writing() as session:
        credentials = people.credentials_by_id(session, bob.id)
        tokens = [sessions.start(session, credentials, HERE, DAY) or "" for _ in range(3)]
        links = [reset_links.create(session, bob.id) for _ in range(2)]
    with database.writing() as session:
        kept = sessions.find(session, tokens[0])
        assert kept is not None
        new = PasswordHash("another hash")
        people.set_password(session, bob.id, new, keep_session=kept.viewer.session_id)
    with database.writing() as session:
        assert [sessions.find(session, token) is not None for token in tokens] == [
            True,
            False,
            False,
        ]
        assert (
            sessions.start(session, credentials, HERE, DAY) is None
        )  # checked against the old one
        for link in links:
            with pytest.raises(NotFound):
                reset_links.find(session, link)


@pytest.mark.parametrize("person_id", ["", "unknown", "0" * 32, "\0", "x" * 10_000])
def test_nobody_has_an_unknown_id(database: Database, person_id: str) -> None:
    with database.writing() as session, pytest.raises(NotFound):
        people.disable(session, person_id)


def test_the_default_space_is_made_once(database: Database, bob: Viewer) -> None:
    with database.writing() as session:
        first, second = spaces.default_space(session), spaces.default_space(session)
        assert first == second
        assert spaces.find_by_slug(session, "team") == first
        assert spaces.find_by_slug(session, "nowhere") is None


def test_a_space_that_one_is_not_in_does_not_exist(database: Database, bob: Viewer) -> None:
    with database.reading() as session:
        elsewhere = spaces.find_by_slug(session, "elsewhere")
        assert elsewhere is not None
        own, private = spaces.member_spaces(session, bob)
        assert (own.name, private.is_personal) == ("Team", True)
        assert spaces.member_space(session, bob, own.id) == own
        with pytest.raises(NotFound):
            spaces.member_space(session, bob, elsewhere.id)
