"""Which passwords may be chosen, and that a check for nobody costs what one for somebody costs."""

import threading

import pytest
from argon2 import PasswordHasher

from chat.accounts import FieldInvalid, passwords
from chat.accounts.common import is_common
from chat.accounts.passwords import check_password, hash_password, verify_password
from chat.errors import Unavailable

GOOD = [
    "a quiet sentence",
    "x7Gq!mzW9k",
    "blue kettle under rain",
    "пароль который длинный",
    "ß" * 3 + "trasse am see",
]


@pytest.mark.parametrize("password", GOOD)
def test_a_password_that_is_long_and_not_common_may_be_chosen(password: str) -> None:
    assert check_password(password)


@pytest.mark.parametrize(
    "password",
    ["", "short", "123456789", "a" * 1025, "ä" * 600, "x" * 200_000, "nul\0 in the middle",
     "line\nbreak in it", "lone \ud800 surrogate"],
)  # fmt: skip
def test_a_password_of_the_wrong_length_or_kind_is_refused(password: str) -> None:
    with pytest.raises(FieldInvalid) as refused:
        check_password(password)
    assert refused.value.field == "password"


@pytest.mark.parametrize(
    "password",
    ["password123", "Password2024!", "P@ssw0rd123", "qwertyuiop", "1234567890", "0987654321",
     "1q2w3e4r5t", "iloveyou123", "dragondragon", "aaaaaaaaaa", "abcabcabcabc", "1212121212",
     "trustno1trustno1", "123456789a", "asdfghjkl123", "1qaz2wsx3edc", "Summer2024!",
     "michael1987", "letmein2024", "changeme!!", "Liverpool1892", "pass word 123"],
)  # fmt: skip
def test_a_common_password_is_refused(password: str) -> None:
    assert is_common(password)
    with pytest.raises(FieldInvalid, match="Too many people"):
        check_password(password)


@pytest.mark.parametrize(
    "password",
    ["dragon in the kitchen", "tr0ub4dor&3x", "summer rain falls softly", "9f8a7c6b5d4e",
     "wonderful-parley-2291-x", "sunshine9182736455"],
)  # fmt: skip
def test_a_common_word_within_a_longer_password_is_fine(password: str) -> None:
    assert not is_common(password)


@pytest.mark.parametrize(
    "password", ["ada.lovelace", "Ada.Lovelace!", "lovelace2024", "ada.lovelace@example.org"]
)
def test_a_password_made_of_its_owner_is_refused(password: str) -> None:
    with pytest.raises(FieldInvalid, match="Leave your name"):
        check_password(password, email="ada.lovelace@example.org", name="Ada Lovelace")


def test_a_hash_is_argon2id_and_checks_only_its_own_password() -> None:
    known = hash_password("a quiet sentence")
    assert known.startswith("$argon2id$")
    assert verify_password(known, "a quiet sentence")
    assert not verify_password(known, "a quiet sentencf")


def test_a_password_typed_on_another_keyboard_is_the_same() -> None:
    known = hash_password(check_password("zoe\u0308 likes tea"))
    assert verify_password(known, "zo\u00eb likes tea")


@pytest.mark.parametrize("typed", ["", "\0", "\ud800", "x" * 200_000])
def test_what_cannot_be_a_password_is_not_one(typed: str) -> None:
    assert not verify_password(hash_password("a quiet sentence"), typed)


def test_a_broken_hash_lets_nobody_in() -> None:
    assert not verify_password("not a hash", "a quiet sentence")


class CountingHasher(PasswordHasher):
    """Counts how often a password is really checked."""

    def __init__(self) -> None:
        super().__init__(time_cost=1, memory_cost=8, parallelism=1)
        self.checked: list[str] = []

    def verify(self, hash: str | bytes, password: str | bytes) -> bool:  # type: ignore[override]
        self.checked.append(str(hash))
        return super().verify(hash, password)


def test_a_check_for_nobody_hashes_as_one_for_somebody_does(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    counting = CountingHasher()
    monkeypatch.setattr(passwords, "hasher", counting)
    known = hash_password("a quiet sentence")
    assert not verify_password(None, "nobody has this password")
    assert not verify_password(known, "wrong wrong wrong")
    for_nobody, for_somebody = counting.checked
    assert (
        for_nobody.rpartition("$")[0].rpartition("$")[0]
        == for_somebody.rpartition("$")[0].rpartition("$")[0]
    )


def test_passwords_are_hashed_on_another_thread_one_at_a_time(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    running, most, threads = 0, 0, set()
    inside = threading.Lock()

    class Watching(PasswordHasher):
        def hash(self, password: str | bytes, *, salt: bytes | None = None) -> str:
            nonlocal running, most
            with inside:
                running += 1
                most = max(most, running)
                threads.add(threading.current_thread().name)
            made = super().hash(password, salt=salt)
            with inside:
                running -= 1
            return made

    monkeypatch.setattr(passwords, "hasher", Watching(time_cost=1, memory_cost=8, parallelism=1))
    crowd = [threading.Thread(target=hash_password, args=("a quiet sentence",)) for _ in range(8)]
    for one in crowd:
        one.start()
    for one in crowd:
        one.join()
    assert most == 1
    assert all(name.startswith("offload") for name in threads)


def test_a_crowd_at_the_door_is_told_to_come_back(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(passwords, "_WAIT_SECONDS", 0.0)
    with passwords._turn(), pytest.raises(Unavailable) as full:
        hash_password("a quiet sentence")
    assert full.value.retry_after
