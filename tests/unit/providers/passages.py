"""Passages and requests for the library provider, without a database."""

from chat.values import AnswerRequest, Depth, Passage, Retrieval, Turn


def passage(
    text: str, *, title: str = "Alder Point", heading: str = "", number: int = 1
) -> Passage:
    return Passage(
        id=f"p{number}",
        document_id=f"d-{title}",
        title=title,
        heading=heading,
        position=number,
        text=text,
        score=10.0 / number,
    )


def request(
    question: str,
    *passages: Passage,
    intent: str = "question",
    depth: Depth = Depth.BALANCED,
    written: str = "",
    terms: str = "",
    history: tuple[Turn, ...] = (),
    doubt: float = 0.0,
) -> AnswerRequest:
    named = terms.split() or [word.strip("?").lower() for word in question.split()[1:]]
    retrieval = Retrieval(intent, dict.fromkeys(named, 2.0), passages, (), doubt=doubt)
    return AnswerRequest(question, history, retrieval, depth, written=written)
