"""The limits of one person, which an admin may set beside those of the site.

Keeps true: for everybody but admins there is nothing here; what is left empty is the site's. May
import every floor below.
"""

from dataclasses import asdict
from functools import partial

from flask import Blueprint, Response, flash, redirect
from werkzeug.wrappers import Response as AnyResponse

from chat.accounts import own_limits as limits
from chat.accounts import people
from chat.audit import Action
from chat.config import Settings
from chat.rates import parse_rates
from chat.values import OwnLimits
from chat.web.access import admin_only
from chat.web.forms import Form, page
from chat.web.site import site
from chat.web.trail import note

blueprint = Blueprint("limits_page", __name__, url_prefix="/people")


@blueprint.get("/<person_id>/limits")
@admin_only
def show(person_id: str) -> Response:
    """What is set for a person, and what counts without that."""
    return _limits_page(person_id, Form())


@blueprint.post("/<person_id>/limits")
@admin_only
def change(person_id: str) -> AnyResponse:
    """Set what the form holds; an empty field gives the site's limit back."""
    form = Form()
    own = read_limits(form)
    if form.errors:
        return _limits_page(person_id, form)
    with site().database.writing() as session:
        person = people.find_person(session, person_id)
        limits.set_limits(session, person_id, own)
        told = {name: value for name, value in asdict(own).items() if value is not None}
        note(session, Action.LIMITS_CHANGED, f"person:{person_id}", **told)
    flash(f"The limits of {person.name} are saved, and count from now on.", "ok")
    return redirect("/people", 303)


def read_limits(form: Form) -> OwnLimits:
    """What was typed; what cannot be used is kept in the form's errors."""

    def rates(name: str) -> str | None:
        return form.read(name, partial(limits.clean_rates, name), None)

    def count(name: str) -> int | None:
        return form.read(name, partial(limits.clean_count, name), None)

    return OwnLimits(
        messages=rates("messages"),
        uploads=rates("uploads"),
        api=rates("api"),
        runs=count("runs"),
        waiting=count("waiting"),
    )


def _limits_page(person_id: str, form: Form) -> Response:
    with site().database.reading() as session:
        person = people.find_person(session, person_id)
        own = limits.own_limits(session, person_id)
    kept = {name: "" if value is None else str(value) for name, value in asdict(own).items()}
    return page("admin/limits.html", form, person=person, kept=kept, usual=_usual(site().settings))


def _usual(settings: Settings) -> dict[str, str]:
    """The site's limits, in words."""
    return {
        "messages": _rates_in_words(settings.rate_messages),
        "uploads": _rates_in_words(settings.rate_uploads),
        "api": _rates_in_words(settings.rate_api),
        "runs": f"{settings.max_runs}" if settings.max_runs else "no limit",
        "waiting": f"{settings.max_waiting}",
    }


def _rates_in_words(rates: str) -> str:
    words = [f"{rate.amount:,} {rate.a_period}" for rate in parse_rates(rates)]
    return " and ".join(words) or "no limit"
