"""Sealed keys: they open only with the same secret, in the same row, and only when asked."""

import subprocess
import sys

import pytest

from chat.providers.sealing import Sealer, Unreadable
from tests.live import ROOT

KEY = "sk-not-for-any-eyes"
SECRET = "a secret of the site's own"


def test_a_key_opens_in_its_row_with_the_secret_that_sealed_it() -> None:
    sealed = Sealer(SECRET).seal("one", KEY)
    assert KEY not in sealed
    assert Sealer(SECRET).open("one", sealed) == KEY


def test_the_same_key_is_sealed_differently_each_time() -> None:
    sealer = Sealer(SECRET)
    assert sealer.seal("one", KEY) != sealer.seal("one", KEY)


def test_no_key_stays_none() -> None:
    sealer = Sealer(SECRET)
    assert sealer.open("one", sealer.seal("one", "")) == ""


@pytest.mark.parametrize(("secret", "row"), [("another secret", "one"), (SECRET, "two")])
def test_another_secret_or_another_row_opens_nothing(secret: str, row: str) -> None:
    sealed = Sealer(SECRET).seal("one", KEY)
    with pytest.raises(Unreadable):
        Sealer(secret).open(row, sealed)


@pytest.mark.parametrize("sealed", ["x", "ß", "gAAAAA==", "A" * 100])
def test_what_is_no_sealed_key_opens_nothing(sealed: str) -> None:
    with pytest.raises(Unreadable):
        Sealer(SECRET).open("one", sealed)


def test_the_site_does_not_load_the_cipher_before_it_needs_it() -> None:
    code = "import sys, app; sys.exit('cryptography' in sys.modules)"
    assert subprocess.call([sys.executable, "-c", code], cwd=ROOT) == 0
