"""The tokens of PostgreSQL's index are those of SQLite's."""

import sqlite3
from collections import Counter
from contextlib import closing

import pytest

from chat.knowledge.handbook import HANDBOOK
from chat.knowledge.tokens import tokens

AWKWARD = """
    Straße STRASSE naïve Ångström Æsir ﬁnd ½ ² x² İstanbul ΣΊΣΥΦΟΣ Ёлка 日本語 नमस्ते é cafe\u0301s
    it's O'Neill’s U.S. 1,500 19th state-of-the-art snake_case C++ @home #tag a.b a—b a\u00adb a\0b
    assembly assemblies nobly possibly irresistibly technology technologies logy apology geology
    ponies caress cats feed agreed plastered motoring sing conflated troubling sized hopping
    tanned falling hissing fizzed failing filing happy sky relational conditional valenci hesitanci
    digitizer radically differently vilely analogously vietnamization predication operator
    feudalism decisiveness hopefulness callousness formality sensitivity sensibility triplicate
    formative formalize electricity electrical hopeful goodness revival allowance inference
    airliner gyroscopic adjustable defensible irritant replacement adjustment dependent adoption
    homologous communism activate angularity effective bowdlerize probate rate cease controll roll
"""


def vocabulary(text: str) -> Counter[str]:
    """The tokens that FTS5 makes of a text, each as often as it does."""
    with closing(sqlite3.connect(":memory:")) as database:
        database.execute("CREATE VIRTUAL TABLE t USING fts5(x, tokenize='porter unicode61')")
        database.execute("CREATE VIRTUAL TABLE v USING fts5vocab(t, 'row')")
        database.execute("INSERT INTO t VALUES (?)", [text.replace("\0", " ")])
        return Counter(dict(database.execute("SELECT term, cnt FROM v")))


def handbook() -> str:
    return "\n".join(page.read_text(encoding="utf-8") for page in HANDBOOK.glob("*.md"))


@pytest.mark.parametrize("text", [handbook(), AWKWARD], ids=["handbook", "awkward"])
def test_a_text_has_the_tokens_that_fts5_gives_it(text: str) -> None:
    ours, theirs = Counter(tokens(text)), vocabulary(text)
    assert (ours - theirs, theirs - ours) == (Counter(), Counter())
    assert ours.total() > 100


def test_a_token_holds_nothing_that_a_grammar_could_read() -> None:
    hostile = "a' b\" c\\ d& e| f! g<-> h:* (i) {j} [k] l\0m \u2028n"
    assert tokens(hostile) == list("abcdefghijklmn")
    assert len(tokens("x" * 5000)[0]) == 80
