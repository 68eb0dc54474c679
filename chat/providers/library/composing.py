"""Writes an answer from ranked sentences: in Markdown, each sentence with its marker.

Keeps true: markers are contiguous from 1 in order of appearance; every source's quote is a literal
part of its passage; no text of a document is written unescaped. Imports the other files of this box
but the provider.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field

from msgspec import structs

from chat.knowledge.words import stems
from chat.providers.library import markdown
from chat.providers.library.confidence import confidence, signals
from chat.providers.library.features import Asked, Seen
from chat.providers.library.ranking import Candidate
from chat.providers.library.reading import Unit, spaced
from chat.values import Depth, Passage, Source

FACT = 3  # sentences of an answer to a plain question
POINTS = {Depth.QUICK: 4, Depth.BALANCED: 6, Depth.DEEP: 9}  # of a list, at most
_STEP = 0.06  # of belief in a passage for each item or block of code that it has
_FAINT = 0.02  # of the best chance: less is not worth a point of a list
_ALIKE = 0.25  # cosine, as far as words lack: less is no likeness in meaning
IN_OTHER_WORDS = "No document has the words of this question. This comes nearest in meaning:"
_SAME = 0.7  # share of words: a sentence that repeats another so far is not written again


@dataclass(frozen=True, slots=True)
class Step:
    """Up to `end` characters of the text, the answer has this confidence."""

    end: int
    confidence: float | None


@dataclass(slots=True)
class Composition:
    """An answer: its text, what its markers name, and how confidence moved over the text."""

    text: str = ""
    sources: list[Source] = field(default_factory=list)
    steps: list[Step] = field(default_factory=list)
    signals: dict[str, float] = field(default_factory=dict)

    def write(self, text: str, value: float | None) -> None:
        """Go on with `text`; `value` is the confidence once it stands."""
        self.text += text
        self.steps.append(Step(len(self.text), value))

    def cite(self, passage: Passage, quote: str, score: float) -> int:
        """The number of the marker for `quote`."""
        n = len(self.sources) + 1
        self.sources.append(
            Source(
                n,
                passage.document_id,
                passage.title,
                passage.id,
                quote,
                round(score, 4),
                place=passage.place,
            )
        )
        return n

    def cite_along(self, passage: Passage, quote: str) -> None:
        """Let the last source name what follows it too: the passage from its quote to this one."""
        last = self.sources[-1]
        start = passage.text.index(last.quote)
        end = passage.text.index(quote, start + len(last.quote)) + len(quote)
        self.sources[-1] = structs.replace(last, quote=passage.text[start:end])


def compose_fact(
    asked: Asked, candidates: Sequence[Candidate], *, opening: str = ""
) -> Composition:
    """The best sentence, then up to two more that may hold what it lacks."""
    answer = Composition()
    if opening:
        answer.write(f"{opening}\n\n", None)
    candidates = _prose(candidates)
    for number, candidate in enumerate(candidates[:FACT], 1):
        answer.signals = signals(asked, candidates, number)
        n = answer.cite(candidate.seen.passage, candidate.seen.unit.quote, candidate.chance)
        gap = "" if number == 1 else "\n\n" if number == 2 else " "
        answer.write(gap + marked(candidate.seen.unit, n), confidence(answer.signals))
    return answer


def compose_alike(asked: Asked, candidates: Sequence[Candidate]) -> Composition | None:
    """What says the same in other words, told as such; None where nothing is that near."""
    candidates = _prose(candidates)
    if not candidates or candidates[0].feature("means") < _ALIKE:
        return None
    return compose_fact(asked, candidates, opening=IN_OTHER_WORDS)


def compose_points(asked: Asked, candidates: Sequence[Candidate], depth: Depth) -> Composition:
    """A list of the sentences that say most, the best first, the others as the documents go."""
    answer = Composition()
    candidates = _prose(candidates)
    chosen = _different(candidates, POINTS[depth])
    for number, candidate in enumerate([chosen[0], *_in_order(chosen[1:])], 1):
        answer.signals = signals(asked, candidates, min(number, FACT))
        n = answer.cite(candidate.seen.passage, candidate.seen.unit.quote, candidate.chance)
        gap = "" if number == 1 else "\n\n" if number == 2 else "\n"
        point = "" if number == 1 else "- "
        answer.write(gap + point + marked(candidate.seen.unit, n), confidence(answer.signals))
    return answer


def compose_steps(asked: Asked, candidates: Sequence[Candidate], depth: Depth) -> Composition:
    """The passage that says how, in its own order: its list as a list, its code whole."""
    best = _telling_how(asked, candidates)
    units = sorted(
        (one.seen for one in candidates if one.seen.passage.id == best.id),
        key=lambda seen: seen.position,
    )
    most_likely = next(one for one in candidates if one.seen.passage.id == best.id)
    chosen = _around(units, most_likely.seen.position, POINTS[depth] + 2)
    chances = {(one.seen.passage.id, one.seen.position): one.chance for one in candidates}
    answer = Composition()
    last: Seen | None = None
    for number, seen in enumerate(chosen, 1):
        answer.signals = signals(asked, candidates, min(number, FACT))
        if last is not None and seen.unit.kind == "code":
            answer.cite_along(best, seen.unit.quote)
            text = markdown.code_block(seen.unit.quote)
        else:
            n = answer.cite(best, seen.unit.quote, chances[best.id, seen.position])
            text = _bullet(seen) + marked(seen.unit, n, inline=False)
        answer.write(_gap(last, seen) + text, confidence(answer.signals))
        last = seen
    return answer


def compose_nearest(candidates: Sequence[Candidate]) -> Composition:
    """Plainly that the library does not hold the answer, and what it does hold that is near.

    It claims no answer, so it has no confidence.
    """
    answer = Composition()
    opening = "The library does not hold an answer to this."
    candidates = _prose(candidates)
    near = _different(candidates, 2)
    if not near:
        answer.write(f"{opening} Add a document that does, or ask in other words.", None)
        return answer
    answer.write(f"{opening} This is the nearest that it has:", None)
    for number, candidate in enumerate(near, 1):
        n = answer.cite(candidate.seen.passage, candidate.seen.unit.quote, candidate.chance)
        title = markdown.inline(candidate.seen.passage.title)
        gap = "\n\n" if number == 1 else "\n"
        answer.write(f"{gap}- From *{title}*: {marked(candidate.seen.unit, n)}", None)
    return answer


def marked(unit: Unit, n: int, *, inline: bool = True) -> str:
    """The unit as Markdown with its marker, which stands before a closing full stop.

    `inline` says that what the unit announces with a colon does not follow.
    """
    if unit.kind == "code":
        return f"{markdown.code_block(unit.quote)}\n\n[{n}]"
    text = markdown.inline(unit.quote.strip().removeprefix(">"))
    if unit.kind == "row":
        text = " · ".join(cell for part in text.split("|") if (cell := part.strip()))
    if text.endswith(":") and inline:
        return f"{text[:-1]} [{n}]."
    if text.endswith((".", "!", "?", ":")) and not text.endswith("..."):
        return f"{text[:-1]} [{n}]{text[-1]}"
    return f"{text} [{n}]"


def _telling_how(asked: Asked, candidates: Sequence[Candidate]) -> Passage:
    """The passage that most likely says how: by its sentences, its heading, and having steps."""
    belief: dict[str, float] = {}
    passages: dict[str, Passage] = {}
    for candidate in candidates:
        passage, kind = candidate.seen.passage, candidate.seen.unit.kind
        if passage.id not in passages:
            passages[passage.id] = passage
            heading = spaced(stems(passage.heading.rpartition(" › ")[2], asked.language))
            held = asked.hits(heading)
            belief[passage.id] = asked.share(held) + asked.in_other_words(heading, ~held)
        belief[passage.id] += candidate.chance
        if kind in ("item", "code"):
            belief[passage.id] += _STEP
    return passages[max(belief, key=lambda key: belief[key])]


def _gap(last: Seen | None, seen: Seen) -> str:
    if last is None:
        return ""
    both_items = last.unit.kind == seen.unit.kind == "item" and last.unit.block == seen.unit.block
    same_paragraph = last.unit.kind == seen.unit.kind == "sentence"
    if both_items:
        return "\n"
    return " " if same_paragraph and last.unit.block == seen.unit.block else "\n\n"


def _bullet(seen: Seen) -> str:
    if seen.unit.kind not in ("item", "row"):
        return ""
    return f"{seen.unit.place}. " if seen.unit.place else "- "


def _around(units: Sequence[Seen], best: int, most: int) -> list[Seen]:
    """At most so many units that include the best one, from the passage's start where it fits."""
    at = next(index for index, seen in enumerate(units) if seen.position == best)
    start = 0 if at < most else at - 1
    return list(units[start : start + most])


def _in_order(candidates: Sequence[Candidate]) -> list[Candidate]:
    return sorted(candidates, key=lambda one: (one.seen.rank, one.seen.position))


def _prose(candidates: Sequence[Candidate]) -> Sequence[Candidate]:
    """The candidates that can stand in running text; all of them when there is only code."""
    return [one for one in candidates if one.seen.unit.kind != "code"] or candidates


def _different(candidates: Sequence[Candidate], most: int) -> list[Candidate]:
    """The first candidates that do not repeat one before them."""
    chosen: list[tuple[Candidate, set[str]]] = []
    for candidate in candidates:
        words = set(candidate.seen.unit.stems.split())
        if candidate.chance < _FAINT * candidates[0].chance:
            break
        repeats = any(len(words & said) > _SAME * min(len(words), len(said)) for _, said in chosen)
        if not repeats and len(words) > 3:
            chosen.append((candidate, words))
            if len(chosen) == most:
                break
    return [candidate for candidate, _ in chosen]
