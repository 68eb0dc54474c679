"""Whether the full-text index is what the passages call for, on either kind of database."""

import json
from collections import Counter

from sqlalchemy import text
from sqlalchemy.orm import Session

from chat.knowledge.tokens import tokens


def check_index(session: Session) -> None:
    """Fail when the index differs from the passages."""
    if session.get_bind().dialect.name == "sqlite":  # sqlite.org/fts5, integrity-check
        session.execute(
            text("INSERT INTO passage_index (passage_index, rank) VALUES ('integrity-check', 1)")
        )
        return
    rows = session.execute(
        text(
            """SELECT title, heading, text, stems, length, tsvector_to_array(tokens), counts
                FROM passages"""
        )
    ).all()
    held: Counter[str] = Counter()
    for title, heading, body, stems, length, indexed, counts in rows:
        words = tokens(f"{title}\n{heading}\n{body}\n{stems}")
        assert set(words) == set(indexed) == set(counts), json.dumps(counts)
        assert length == len(words)
        held.update(indexed)
    assert dict(session.execute(text("SELECT word, passages FROM passage_words")).all()) == held
    sums = session.execute(text("SELECT passages, tokens FROM passage_sums")).one()
    assert tuple(sums) == (len(rows), sum(row.length for row in rows))
