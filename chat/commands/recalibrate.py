"""`flask --app app recalibrate`: fits the shifts of confidence to what people thought of answers.

The site does so by itself after every few ratings; this tells what came of it. May import every
floor below.
"""

import click
from flask import current_app
from flask.cli import with_appcontext

from chat.answering.calibration import LEAST, Fit
from chat.answering.recalibrating import recalibrate
from chat.audit import Action
from chat.commands.trail import note


@click.command("recalibrate")
@with_appcontext
def command() -> None:
    """Fit the confidence to the ratings there are, and say what that changes."""
    with current_app.extensions["parley"].database.writing() as session:
        fits = recalibrate(session)
        note(session, Action.RECALIBRATED)
    for estimator, found in fits.items():
        click.echo(f"{estimator:<8} {_words(found)}")


def _words(found: Fit) -> str:
    rated = f"{found.answers} answers rated"
    if found.answers < LEAST:
        return f"{rated}: too few to learn from (at least {LEAST})"
    losses = f"log loss {found.loss_before:.3f} without, {found.loss_after:.3f} with a shift"
    if found.shift.changes_nothing:
        return f"{rated}: no shift would do better ({losses})"
    examples = ", ".join(f"{value:.0%} becomes {found.shift(value):.0%}" for value in (0.5, 0.9))
    return f"{rated}: {examples} ({losses})"
