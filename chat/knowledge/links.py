"""How many passages mention a concept, and how many two concepts share.

Keeps true: both counts are those of the mentions that are stored, at the end of every transaction;
what comes or goes costs by its own size, however large the library is. Imports the plain ground.
"""

from collections.abc import Sequence

from sqlalchemy import bindparam, text

from chat.database import Statements

_AT_ONCE = 50  # passages that one statement counts: others are served in between
_MENTIONED = text(
    """UPDATE concepts SET passages = concepts.passages + CAST(:sign AS integer) * held.passages
        FROM (SELECT concept_id, count(*) AS passages FROM mentions
              WHERE passage_number IN :numbers GROUP BY concept_id) AS held
        WHERE held.concept_id = concepts.id"""
).bindparams(bindparam("numbers", expanding=True))
_SHARED = text(
    """INSERT INTO links (concept_id, other_id, passages)
        SELECT one.concept_id, other.concept_id, CAST(:sign AS integer) * count(*)
        FROM mentions AS one JOIN mentions AS other
          ON other.passage_number = one.passage_number AND other.concept_id > one.concept_id
        WHERE one.passage_number IN :numbers
        GROUP BY one.concept_id, other.concept_id
        ON CONFLICT (concept_id, other_id)
        DO UPDATE SET passages = links.passages + excluded.passages"""
).bindparams(bindparam("numbers", expanding=True))
_FORGET = text("DELETE FROM links WHERE passages = 0")


def count_in(session: Statements, numbers: Sequence[int]) -> None:
    """Count the mentions of passages that have just been stored."""
    _count(session, numbers, 1)


def count_out(session: Statements, numbers: Sequence[int]) -> None:
    """Count the mentions of passages no more; they are deleted in the same transaction."""
    _count(session, numbers, -1)
    session.execute(_FORGET)


def _count(session: Statements, numbers: Sequence[int], sign: int) -> None:
    for start in range(0, len(numbers), _AT_ONCE):
        given = {"numbers": list(numbers[start : start + _AT_ONCE]), "sign": sign}
        session.execute(_MENTIONED, given)
        session.execute(_SHARED, given)
