"""People, how they come in, and how they prove who they are.

Keeps true: only here are passwords hashed (argon2id, on a real thread); the database holds only
hashes of tokens; an invite and a reset link work once; the site always has an admin; an unknown
address and a wrong password take the same. Functions take the caller's session and give plain
values. May import the plain ground and the tables.
"""

from chat.accounts import api_tokens, invites, passwords, people, reset_links, sessions
from chat.accounts.fields import FieldInvalid, clean_email, clean_label, clean_name
from chat.accounts.passwords import Credentials
from chat.accounts.people import Person, create_person
from chat.accounts.tokens import setup_token
from chat.accounts.viewers import find_viewer

__all__ = [
    "Credentials",
    "FieldInvalid",
    "Person",
    "api_tokens",
    "clean_email",
    "clean_label",
    "clean_name",
    "create_person",
    "find_viewer",
    "invites",
    "passwords",
    "people",
    "reset_links",
    "sessions",
    "setup_token",
]
