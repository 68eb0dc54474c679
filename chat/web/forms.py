"""A form as it came in: its fields cleaned, and beside each what is wrong with it.

Keeps true: what was typed is shown again, but never a password. May import every floor below.
"""

from collections.abc import Callable
from typing import Any, TypeVar

from flask import Response, make_response, render_template, request

from chat.accounts import FieldInvalid
from chat.errors import Invalid
from chat.web.errors import wants_problem

Value = TypeVar("Value")


class Form:
    """The form of this request; empty when the page is shown for the first time."""

    def __init__(self) -> None:
        self.typed = request.form
        self.errors: dict[str, str] = {}

    def read(self, field: str, clean: Callable[[str], Value], default: Value) -> Value:
        """A field through its cleaner; where that refuses, the error is kept for the page."""
        try:
            return clean(self.typed.get(field, ""))
        except FieldInvalid as error:
            self.errors[field] = error.detail
            return default

    def choice(self, field: str, kind: Callable[[str], Value], default: str = "") -> Value:
        """A field that has a few values, which a page offers; another one is a bad request."""
        try:
            return kind(self.typed.get(field, default))
        except ValueError as error:
            raise Invalid(f"{field}: there is no such choice.") from error

    def refuse(self, error: FieldInvalid) -> None:
        """Keep an error that came up later, such as an address that is taken."""
        self.errors[error.field] = error.detail

    def value(self, field: str, default: str = "") -> str:
        """What to show in a field again."""
        return "" if "password" in field else self.typed.get(field, default)


def page(template: str, form: Form | None = None, status: int = 200, **values: Any) -> Response:
    """A page with its form; with errors in it, status 400, or a problem document for a program."""
    if form is not None and form.errors:
        if wants_problem():
            raise Invalid(" ".join(f"{field}: {text}" for field, text in form.errors.items()))
        status = 400 if status == 200 else status
    value = form.value if form is not None else lambda _field, default="": default
    errors = form.errors if form is not None else {}
    body = render_template(template, value=value, errors=errors, **values)
    return make_response(body, status)
