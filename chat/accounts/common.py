"""Whether a password is among those that everybody tries first.

A list of stems and a few rules stand for the long lists: nearly every common password of ten or
more characters is a stem with digits and signs around it (`Password2024!`), a stem twice
(`dragondragon`), few characters repeated, or a run along digits, letters or keys. Imports nothing
of Parley.
"""

from functools import lru_cache
from pathlib import Path

_FILE = Path(__file__).parent.parent / "common_passwords.txt"
_RUNS = tuple(
    run + run
    for row in (
        "01234567890", "abcdefghijklmnopqrstuvwxyz", "qwertyuiop", "qwertzuiop", "azertyuiop",
        "asdfghjkl", "zxcvbnm", "1qaz2wsx3edc4rfv5tgb6yhn7ujm8ik9ol0p", "1q2w3e4r5t6y7u8i9o0p",
        "qazwsxedcrfvtgbyhnujmikolp", "qweasdzxc", "147258369", "123qwe456rty", "1234qwerasdfzxcv",
    )
    for run in (row, row[::-1])
)  # fmt: skip
_LETTERS_FOR = str.maketrans("013457@$!|", "oieastasil")  # as in p@ssw0rd
_FEW_CHARACTERS = 4  # "aaaaabbbbb", "1212121212", "abcabcabcabc"
_OWN_CHARACTERS = 6  # so many characters besides the stem make a password of its own


def is_common(password: str) -> bool:
    """Whether a password, of ten characters or more, is a usual one or a small change of one."""
    folded = "".join(password.casefold().split())
    if len(set(folded)) <= _FEW_CHARACTERS or any(folded in run for run in _RUNS):
        return True
    folded = _unrepeated(folded)
    return any(_is_stem(text) for text in (folded, _spelled(folded)))


def _is_stem(text: str) -> bool:
    core = text.strip("".join(set(text) - set("abcdefghijklmnopqrstuvwxyz")))
    around = text.replace(core, "", 1) if core else text
    if not core:
        return any(around in run for run in _RUNS)
    if len(around) >= _OWN_CHARACTERS and not any(around in run for run in _RUNS):
        return False
    return _unrepeated(core) in _stems() or any(core in run for run in _RUNS)


def _spelled(text: str) -> str:
    """The text with its digits and signs read as the letters they look like, but for the last."""
    kept = text.rstrip("0123456789!@#$%^&*()-_=+.,?")
    return kept.translate(_LETTERS_FOR) + text[len(kept) :]


def _unrepeated(text: str) -> str:
    """The block that a text repeats, or the text itself."""
    again = (text + text).find(text, 1)
    return text[:again] if 0 < again < len(text) else text


@lru_cache(maxsize=1)
def _stems() -> frozenset[str]:
    lines = _FILE.read_text(encoding="utf-8").splitlines()
    return frozenset(word for line in lines if not line.startswith("#") for word in line.split())
