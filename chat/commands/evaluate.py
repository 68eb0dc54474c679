"""`flask --app app evaluate FILE…`: how good the library's answers are on questions with answers.

Loads the documents of each file into a throw-away database, asks every question over all of them
and prints the figures of docs/evaluation.md. May import every floor.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path

import click

from chat.commands.evaluation import reliability
from chat.commands.evaluation.figures import area_under_curve, calibration_error, share
from chat.commands.evaluation.library import (
    FIRST,
    Document,
    Library,
    Outcome,
    Question,
    library_of,
    read_questions,
)
from chat.knowledge.hybrid import Way

Outcomes = Sequence[Outcome]
_LABEL = 44  # characters


@click.command()
@click.argument(
    "files",
    nargs=-1,
    required=True,
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
)
@click.option(
    "--diagram",
    type=click.Path(dir_okay=False, writable=True, path_type=Path),
    default=Path("reliability.svg"),
    show_default=True,
    help="Where the reliability diagram is written; of several files, one for each.",
)
def evaluate(files: Sequence[Path], diagram: Path) -> None:
    """Ask every question of each FILE and print how often, how sure and how fast it was right."""
    for number, file in enumerate(files):
        try:
            documents, questions = read_questions(file)
        except ValueError as error:
            raise click.UsageError(str(error)) from error
        click.echo(f"\n{file.name}" if number else file.name)
        with library_of(documents) as library:
            ways = {way: [library.judge(one, way) for one in questions] for way in Way}
            absent = list(without_their_documents(library, documents, questions))
        pairs = [(one.confidence, one.whole) for one in ways[Way.BOTH]]
        drawn = diagram if len(files) == 1 else diagram.with_stem(f"{diagram.stem}-{file.stem}")
        told = report(ways[Way.BOTH], absent), by_way(ways), reliability.show(pairs, drawn)
        for line in (line for part in told for line in part):
            click.echo(line)


def without_their_documents(
    library: Library, documents: Sequence[Document], questions: Sequence[Question]
) -> Iterator[Outcome]:
    """Every question asked while the library lacks the document that answers it."""
    for document in documents:
        own = [one for one in questions if one.title == document["title"]]
        if own:
            with library.without(document):
                yield from [library.judge(one, Way.BOTH) for one in own]


def report(outcomes: Outcomes, absent: Outcomes = ()) -> Iterator[str]:
    """The figures of the site as it is, a line each."""
    whole = [(one.confidence, one.whole) for one in outcomes]
    first = [(one.confidence, one.first) for one in outcomes]
    yield _line("questions", str(len(outcomes)))
    yield _line("gold answer in first sentence", _shown(share(one.first for one in outcomes)))
    yield _line("gold answer in whole answer", _shown(share(one.whole for one in outcomes)))
    yield _line("calibration error (whole answer)", _shown(calibration_error(whole)))
    yield _line("area under the curve (whole)", _shown(area_under_curve(whole)))
    yield _line("calibration error (first)", _shown(calibration_error(first)))
    yield _line("area under the curve (first)", _shown(area_under_curve(first)))
    if absent:
        yield from _absence(outcomes, absent)
    markers = sum(one.markers for one in outcomes)
    right = markers - sum(one.misleading for one in outcomes)
    yield _line("markers, and those that lead to their quote", str(markers), str(right))
    times = sorted(one.seconds * 1000 for one in outcomes) or [0.0]
    yield _line("time of an answer, median", f"{times[len(times) // 2]:.1f} ms")
    yield _line("time of an answer, 95th percentile", f"{times[int(len(times) * 0.95)]:.1f} ms")


def _absence(outcomes: Outcomes, absent: Outcomes) -> Iterator[str]:
    """How well answers tell that the library does not hold what was asked."""
    apart = [(one.confidence, one.question.title != "") for one in outcomes]
    apart = [pair for pair in apart if pair[1]] + [(one.confidence, False) for one in absent]
    yield _line("document missing: says so", _shown(share(not one.confidence for one in absent)))
    lacking = (one.only_alike or not one.confidence for one in absent)
    yield _line("document missing: says so, or only alike", _shown(share(lacking)))
    yield _line(
        "document there: says it is missing", _shown(share(not o.confidence for o in outcomes))
    )
    yield _line("document missing: mean confidence", _shown(_mean(absent)))
    yield _line("area under the curve (there or missing)", _shown(area_under_curve(apart)))


def _mean(outcomes: Outcomes) -> float:
    return sum(one.confidence for one in outcomes) / max(1, len(outcomes))


def by_way(ways: Mapping[Way, Outcomes]) -> Iterator[str]:
    """The same questions, found by words alone, by meaning alone, and by both."""
    yield _line("found by", *(way.value for way in ways))
    yield _row("first sentence", ways, lambda one: one.first)
    yield _row("whole answer", ways, lambda one: one.whole)
    yield _row(f"in the first {FIRST} passages", ways, lambda one: one.found)
    for name, held_out in (("paraphrased", False), ("paraphrased, held out", True)):
        some = {
            way: [one for one in those if _is_one(one, held_out)] for way, those in ways.items()
        }
        count = len(some[Way.BOTH])
        if count:
            yield _row(f"{name} ({count}): first {FIRST} passages", some, lambda one: one.found)


def _is_one(one: Outcome, held_out: bool) -> bool:
    return one.question.paraphrased and one.question.held_out == held_out


def _row(name: str, ways: Mapping[Way, Outcomes], good: Callable[[Outcome], bool]) -> str:
    return _line(name, *(_shown(share(map(good, those))) for those in ways.values()))


def _shown(value: float) -> str:
    return f"{value:.3f}"


def _line(name: str, *values: str) -> str:
    return (name.ljust(_LABEL) + "".join(value.ljust(10) for value in values)).rstrip()


if __name__ == "__main__":
    evaluate()


command = evaluate
