"""Passwords: which may be chosen, how they are hashed, how one is checked.

Keeps true: argon2id runs on a real thread and one at a time, so that no stream waits and a crowd at
the door does not eat the memory; a check for nobody costs what a check for somebody costs. Never
call it inside a transaction. Imports the plain ground.
"""

import threading
import unicodedata
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import lru_cache
from typing import NewType

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from chat.accounts.common import is_common
from chat.accounts.fields import FieldInvalid, holds_control_characters
from chat.errors import Unavailable
from chat.offload import run_blocking

PasswordHash = NewType("PasswordHash", str)


@dataclass(frozen=True, slots=True)
class Credentials:
    """Whom a password is checked for, and against which hash."""

    person_id: str
    password_hash: str


LEAST_CHARACTERS = 10
MOST_BYTES = 1024
# RFC 9106, 4, second recommended option, with one lane: the other cores belong to the streams.
# Tests put a cheap one in its place.
hasher = PasswordHasher(time_cost=3, memory_cost=64 * 1024, parallelism=1)
_AT_ONCE = threading.BoundedSemaphore(1)
_WAIT_SECONDS = 10.0
_SHORTEST_PART = 4  # a name of three letters is in too many good passwords


def check_password(password: str, *, email: str = "", name: str = "") -> str:
    """A new password in the form that is hashed; FieldInvalid says why it may not be chosen."""
    if len(password) > MOST_BYTES:
        raise FieldInvalid("password", f"This is too long: at most {MOST_BYTES} bytes.")
    password = unicodedata.normalize("NFKC", password)
    if holds_control_characters(password):
        raise FieldInvalid("password", "This holds characters that cannot be shown. Choose others.")
    if len(password.encode()) > MOST_BYTES:
        raise FieldInvalid("password", f"This is too long: at most {MOST_BYTES} bytes.")
    if len(password) < LEAST_CHARACTERS:
        raise FieldInvalid("password", f"Use at least {LEAST_CHARACTERS} characters.")
    if _names_its_owner(password, email, name):
        raise FieldInvalid("password", "Leave your name and your e-mail address out of it.")
    if is_common(password):
        raise FieldInvalid("password", "Too many people use this one. Choose another.")
    return password


def hash_password(password: str) -> PasswordHash:
    """The argon2id hash of a password that `check_password` has let pass."""
    with _turn():
        return PasswordHash(run_blocking(hasher.hash, password))


def verify_password(known: str | None, password: str) -> bool:
    """Whether `password` belongs to the hash `known`; for None it takes as long and is False."""
    if len(password) > MOST_BYTES:
        return False
    with _turn():
        spare = run_blocking(_hash_of_nobody, hasher)
        matches = run_blocking(_matches, known or spare, unicodedata.normalize("NFKC", password))
    return matches and known is not None


def needs_rehash(known: str) -> bool:
    """Whether a hash was made with other parameters than today's."""
    return hasher.check_needs_rehash(known)


def _names_its_owner(password: str, email: str, name: str) -> bool:
    """Whether the parts of a person's name or address make up half of the password or more."""
    folded = password.casefold()
    parts = [email, email.partition("@")[0], name, *name.split()]
    found = [p for p in (part.casefold() for part in parts) if len(p) >= _SHORTEST_PART]
    return any(part in folded and 2 * len(part) >= len(folded) for part in found)


def _matches(known: str, password: str) -> bool:
    try:
        return hasher.verify(known, password)
    except (VerificationError, InvalidHashError, UnicodeEncodeError):
        return False


@lru_cache(maxsize=4)
def _hash_of_nobody(maker: PasswordHasher) -> str:
    return maker.hash("nobody has this password")


@contextmanager
def _turn() -> Iterator[None]:
    if not _AT_ONCE.acquire(timeout=_WAIT_SECONDS):
        raise Unavailable("Too many people are signing in right now. Try again.", retry_after=5)
    try:
        yield
    finally:
        _AT_ONCE.release()
