"""Who is in a space, and that it always has an owner who can sign in."""

from datetime import timedelta

import pytest
from sqlalchemy.orm import Session

from chat import spaces
from chat.accounts import find_viewer, invites, people
from chat.database import Database
from chat.errors import Conflict, NotFound
from chat.values import Role, SpaceRole, Viewer
from tests.people import Person

DAY = timedelta(days=1)


def test_everybody_has_a_private_space_that_nobody_else_can_be_in(
    database: Database, alice: Person, bob: Person
) -> None:
    with database.writing() as session:
        own = spaces.member_spaces(session, bob.viewer)[-1]
        assert (own.is_personal, own.role) == (True, SpaceRole.OWNER)
        with pytest.raises(NotFound):
            spaces.member_space(session, alice.viewer, own.id)
        with pytest.raises(NotFound):
            spaces.shared_space(session, bob.viewer, own.id)
        with pytest.raises(NotFound):
            spaces.change_role(session, bob.viewer, own.id, alice.id, SpaceRole.READER)
        with pytest.raises(Conflict):
            spaces.leave(session, bob.viewer, own.id)


def test_who_makes_a_space_owns_it_alone(database: Database, bob: Person, alice: Person) -> None:
    with database.writing() as session:
        made = spaces.create_space(session, bob.viewer, "Crew 2")
        again = spaces.create_space(session, bob.viewer, "Crew 2")
        assert (made.slug, made.role) == ("crew-2", SpaceRole.OWNER)
        assert again.slug.startswith("crew-2-")
        with pytest.raises(NotFound):
            spaces.member_space(session, alice.viewer, made.id)
        everybody = spaces.list_members(session, bob.viewer, made.id)
    assert [(one.name, one.role) for one in everybody] == [("Bob", SpaceRole.OWNER)]


@pytest.mark.parametrize("role", [SpaceRole.EDITOR, SpaceRole.READER])
def test_only_owners_manage_a_space(
    database: Database, alice: Person, bob: Person, role: SpaceRole
) -> None:
    team = alice.space_id
    with database.writing() as session:
        spaces.change_role(session, alice.viewer, team, bob.id, role)
    with database.writing() as session:
        for change in (
            lambda: spaces.change_space(session, bob.viewer, team, name="Mine"),
            lambda: spaces.change_role(session, bob.viewer, team, bob.id, SpaceRole.OWNER),
            lambda: spaces.remove(session, bob.viewer, team, alice.id),
        ):
            with pytest.raises(NotFound):
                change()
        assert find_role(session, bob.viewer, team) is role


def test_the_last_owner_stays(database: Database, alice: Person, bob: Person) -> None:
    team = alice.space_id
    with database.writing() as session:
        for change in (
            lambda: spaces.leave(session, alice.viewer, team),
            lambda: spaces.remove(session, alice.viewer, team, alice.id),
            lambda: spaces.change_role(session, alice.viewer, team, alice.id, SpaceRole.EDITOR),
        ):
            with pytest.raises(Conflict):
                change()
        spaces.change_role(session, alice.viewer, team, bob.id, SpaceRole.OWNER)
        spaces.leave(session, alice.viewer, team)
        assert find_role(session, alice.viewer, team) is None


def test_an_owner_who_cannot_sign_in_does_not_count(
    database: Database, alice: Person, bob: Person
) -> None:
    with database.writing() as session:
        spaces.change_role(session, alice.viewer, alice.space_id, bob.id, SpaceRole.OWNER)
        people.disable(session, bob.id)
        with pytest.raises(Conflict):
            spaces.leave(session, alice.viewer, alice.space_id)


def test_the_roles_are_those_of_the_next_request(
    database: Database, alice: Person, bob: Person
) -> None:
    with database.writing() as session:
        before = find_viewer(session, bob.id)
        spaces.change_role(session, alice.viewer, alice.space_id, bob.id, SpaceRole.READER)
        after = find_viewer(session, bob.id)
        spaces.remove(session, alice.viewer, alice.space_id, bob.id)
        gone = find_viewer(session, bob.id)
    assert before is not None
    assert after is not None
    assert gone is not None
    assert alice.space_id in before.writable_ids
    assert alice.space_id not in after.writable_ids
    assert alice.space_id in after.space_ids
    assert alice.space_id not in gone.space_ids


def test_who_is_in_it_keeps_the_higher_role(database: Database, bob: Person) -> None:
    team = bob.space_id
    with database.writing() as session:
        spaces.join(session, bob.id, team, SpaceRole.READER)
        assert find_role(session, bob.viewer, team) is SpaceRole.EDITOR
        spaces.join(session, bob.id, team, SpaceRole.OWNER)
        assert find_role(session, bob.viewer, team) is SpaceRole.OWNER


def test_what_a_former_owner_has_sent_out_lets_nobody_in(
    database: Database, alice: Person, bob: Person, charlie: Person
) -> None:
    team = alice.space_id
    with database.writing() as session:
        spaces.change_role(session, alice.viewer, team, bob.id, SpaceRole.OWNER)
        hers, his = (_invite(session, one.viewer, team) for one in (alice, bob))
        spaces.change_role(session, alice.viewer, team, bob.id, SpaceRole.EDITOR)
        with pytest.raises(NotFound):
            invites.accept(session, his, charlie.id)
        assert invites.accept(session, hers, charlie.id).space_id == team
        with pytest.raises(NotFound):
            invites.accept(session, hers, charlie.id)


def _invite(session: Session, viewer: Viewer, space_id: str) -> str:
    place = {"space_id": space_id, "space_role": SpaceRole.READER}
    return invites.create(session, viewer, Role.MEMBER, DAY, "", **place)  # type: ignore[arg-type]


def find_role(session: Session, viewer: Viewer, space_id: str) -> SpaceRole | None:
    return spaces.find_role(session, viewer.id, space_id)
