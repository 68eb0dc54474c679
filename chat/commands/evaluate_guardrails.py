"""`flask --app app evaluate-guardrails`: how well personal data and injections are told.

Reads the labelled texts of tests/data/guardrails, and prints the tables that docs/security.md
holds; with `--write` it puts them there. May import every floor.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

import click

from chat.commands.guardrails.injections import tally_injections, total
from chat.commands.guardrails.personal import tally_personal
from chat.commands.guardrails.tallies import Tally

HALVES = ("develop", "held_out")
BEGIN, END = "<!-- evaluate-guardrails -->", "<!-- /evaluate-guardrails -->"
_PLACE = re.compile(f"{BEGIN}.*?{END}", re.DOTALL)
_RULE = "|---|---|---|---|---|---|---|"


@click.command("evaluate-guardrails")
@click.argument(
    "folder",
    default=Path("tests/data/guardrails"),
    type=click.Path(exists=True, file_okay=False, path_type=Path),
)
@click.option(
    "--write",
    type=click.Path(exists=True, dir_okay=False, writable=True, path_type=Path),
    help="The page whose tables are replaced, such as docs/security.md.",
)
def evaluate_guardrails(folder: Path, write: Path | None) -> None:
    """Tell personal data and injections in the labelled texts of FOLDER, and print how well."""
    tables = "\n".join(tables_of(folder))
    click.echo(tables)
    if write is not None:
        write.write_text(put(write.read_text(encoding="utf-8"), tables), encoding="utf-8")


def put(page: str, tables: str) -> str:
    """The page with these tables in the place of the former ones."""
    if _PLACE.search(page) is None:
        raise click.ClickException(f"The page has no lines {BEGIN} and {END}.")
    return _PLACE.sub(lambda _: f"{BEGIN}\n{tables}\n{END}", page)


def tables_of(folder: Path) -> Iterator[str]:
    """Every line of both tables."""
    personal = [tally_personal(folder / "personal" / f"{half}.jsonl") for half in HALVES]
    yield "| personal data | develop | recall | precision | held out | recall | precision |"
    yield _RULE
    for kind in sorted({kind for half in personal for kind in half}):
        yield _row(f"`{kind}`", [half.get(kind, Tally()) for half in personal])
    yield _row("all", [sum(half.values(), Tally()) for half in personal])
    yield ""
    injections = [tally_injections(folder / "injection" / f"{half}.jsonl") for half in HALVES]
    yield "| injections | develop | recall | precision | held out | recall | precision |"
    yield _RULE
    for kind in sorted({kind for meant, _ in injections for kind in meant}):
        yield _row(f"`{kind}`", [meant.get(kind, Tally()) for meant, _ in injections], alone=True)
    yield _row("all", [total(*half) for half in injections])
    yield ""
    yield "| harmless texts | develop | taken for injections | held out | taken for injections |"
    yield "|---|---|---|---|---|"
    for kind in sorted({kind for _, harmless in injections for kind in harmless}):
        yield _mistakes(f"`{kind}`", [harmless.get(kind, Tally()) for _, harmless in injections])
    yield _mistakes("all", [_sum(harmless) for _, harmless in injections])


def _row(name: str, halves: Sequence[Tally], *, alone: bool = False) -> str:
    """A kind with both halves; of one that stands `alone` nothing else is taken for it."""
    cells = [f"{half.there} | {half.recall} | {'' if alone else half.precision}" for half in halves]
    return f"| {name} | {' | '.join(cells)} |".replace("  ", " ")


def _mistakes(name: str, halves: Sequence[Tally]) -> str:
    return f"| {name} | {' | '.join(f'{half.there} | {half.found}' for half in halves)} |"


def _sum(kinds: Mapping[str, Tally]) -> Tally:
    return sum(kinds.values(), Tally())


command = evaluate_guardrails
