"""A space with six people around it, and everything in it that a route can be about."""

import hashlib
from collections.abc import Mapping
from datetime import timedelta

from flask import Flask
from sqlalchemy.orm import Session

from chat import accounts
from chat.accounts import invites, people
from chat.accounts.passwords import PasswordHash
from chat.database import Database
from chat.models import (
    ApiToken,
    Conversation,
    Document,
    LoginSession,
    Member,
    Message,
    Run,
    Space,
    Upload,
)
from chat.values import Role, SpaceRole, new_id, utc_now
from tests.conftest import sign_in
from tests.people import CHEAP_HASHER, PASSWORD, Person

ROLES = {
    "olga": SpaceRole.OWNER,
    "eddie": SpaceRole.EDITOR,
    "rita": SpaceRole.READER,
    "max": SpaceRole.EDITOR,
    "dora": SpaceRole.EDITOR,
}
SECRET = "Zanzibar"  # is in the title of everything that is there for all of them
PRIVATE = "Pemba"  # is what Eddie keeps for himself
FILE = b"# Known already\n\nIt is in the library."


def sign_in_crew(
    app: Flask, database: Database, alice: Person, charlie: Person
) -> dict[str, Person]:
    """The six, signed in; Dora was before she was disabled."""
    hashed = PasswordHash(CHEAP_HASHER.hash(PASSWORD))
    with database.writing() as session:
        session.add(home := Space(id=new_id(), slug="home", name="Home"))
        session.flush()
        for name in ROLES:
            accounts.create_person(
                session, email=f"{name}@example.org", name=name.capitalize(),
                password_hash=hashed, role=Role.MEMBER, space_id=home.id,
            )  # fmt: skip
    found = {name: sign_in(app, name) for name in ROLES} | {"alice": alice, "charlie": charlie}
    with database.writing() as session:
        people.disable(session, found["dora"].id)
    return found


def make_things(database: Database, crew: Mapping[str, Person]) -> dict[str, str]:
    """A new space with everything in it that a route can be about; their ids."""
    with database.writing() as session:
        return _make_things(session, crew)


def _make_things(session: Session, crew: Mapping[str, Person]) -> dict[str, str]:
    space = Space(id=new_id(), slug=new_id(), name=f"{SECRET} crew")
    session.add(space)
    session.flush()
    for name, role in (ROLES | {"alice": SpaceRole.OWNER}).items():
        session.add(Member(space_id=space.id, user_id=crew[name].id, role=role))
    eddie, rita = crew["eddie"], crew["rita"]
    room, answer = _add_talk(session, eddie, space.id, "space", f"{SECRET} tides")
    private, private_answer = _add_talk(session, eddie, space.id, "private", PRIVATE)
    token = invites.create(
        session, crew["olga"].viewer, Role.MEMBER, timedelta(days=1), "",
        space_id=space.id, space_role=SpaceRole.READER,
    )  # fmt: skip
    session.flush()
    (invite,) = invites.list_pending(session, space.id)
    own = {"user_id": eddie.id, "token_hash": new_id()}
    later = utc_now() + timedelta(days=1)
    login = LoginSession(id=new_id(), device="", address="", expires_at=later, **own)
    key = ApiToken(id=new_id(), name="Script", **own)
    in_space = {"id": new_id(), "space_id": space.id, "added_by": eddie.id}
    document = Document(
        title=f"{SECRET} charts", kind="markdown", origin="api", sha256=new_id(), passages=1,
        file_sha256=hashlib.sha256(FILE).hexdigest(), text="", **in_space,
    )  # fmt: skip
    upload = Upload(name="a.pdf", size=1, sha256="", state="failed", **in_space)
    session.add_all([login, key, document, upload])
    session.flush()
    return {
        "space": space.id,
        "room": room,
        "answer": answer,
        "private": private,
        "private_answer": private_answer,
        "token": token,
        "invite": invite.id,
        "eddies_own": eddie.viewer.space_ids[-1],
        "eddies_session": login.id,
        "eddies_token": key.id,
        "document": document.id,
        "upload": upload.id,
        "rita": rita.id,
        "any": "any",
    }


def _add_talk(
    session: Session, owner: Person, space_id: str, visibility: str, title: str
) -> tuple[str, str]:
    """A conversation with a question and a stopped answer; the ids of it and of the answer."""
    talk = Conversation(owner_id=owner.id, space_id=space_id, visibility=visibility, title=title)
    session.add(talk)
    session.flush()
    asks = Message(conversation_id=talk.id, role="user", author_id=owner.id, content="Where?")
    session.add(asks)
    session.flush()
    answer = Message(
        conversation_id=talk.id, parent_id=asks.id, role="assistant", status="stopped", content="At"
    )
    session.add(answer)
    session.flush()
    session.add(
        Run(message_id=answer.id, user_id=owner.id, state="ended", depth="quick", provider="")
    )
    talk.leaf_id = answer.id
    session.flush()
    return talk.id, answer.id
