"""The form of a provider of models: what is typed becomes a description, or errors beside it.

Keeps true: a key that was typed is read once and never shown again. May import every floor below.
"""

from collections.abc import Callable
from typing import TypeVar

from chat import connections
from chat.accounts import FieldInvalid
from chat.providers.stored import Description
from chat.vendors import VENDORS
from chat.web.forms import Form
from chat.web.policies import read_policy

Value = TypeVar("Value")
KEY_FIELD = "api_password"  # `Form` shows nothing again that has "password" in its name


def read_description(form: Form, taken: set[str]) -> Description | None:
    """What the form says of a provider; None where that cannot be used, and the form says why."""
    said = Description(
        name=form.read("name", _field("name", connections.clean_name), ""),
        preset=form.read("preset", _preset, "other"),
        base_url=form.read("base_url", _field("base_url", connections.clean_address), ""),
        models=form.read("models", _field("models", connections.clean_models), ()),
        context_tokens=form.read("context_tokens", _tokens, 0),
        embedding_model=form.read("embedding_model", _embedding, ""),
        personal_data=read_policy(form.typed.get("personal_data", "")),
    )
    if said.embedding_model and VENDORS[said.preset].kind != "openai_compatible":
        form.errors["embedding_model"] = "This vendor offers no embeddings. Leave it empty."
    if said.name in taken:
        form.errors["name"] = "The environment has a provider of this name. Choose another one."
    return None if form.errors else said


def read_key(form: Form) -> str:
    """The key that was typed, or ""."""
    return form.read(KEY_FIELD, _field(KEY_FIELD, connections.clean_key), "")


def check_key(form: Form, said: Description, *, has_key: bool) -> None:
    """Refuse a vendor's own address without a key: it would only answer that one is missing."""
    vendor = VENDORS[said.preset]
    is_missing = vendor.needs_key and not has_key and said.base_url == vendor.address
    if is_missing and not form.errors:
        form.errors[KEY_FIELD] = f"{vendor.label} answers only with a key."


def _field(name: str, clean: Callable[[str], Value]) -> Callable[[str], Value]:
    """A cleaner whose complaint is a sentence beside this field."""

    def cleaned(text: str) -> Value:
        try:
            return clean(text)
        except ValueError as error:
            said = str(error)
            raise FieldInvalid(name, f"{said[:1].upper()}{said[1:]}.") from None

    return cleaned


_embedding = _field("embedding_model", connections.clean_embedding_model)


def _preset(text: str) -> str:
    if text not in VENDORS:
        raise FieldInvalid("preset", "Choose one of the list.")
    return text


def _tokens(text: str) -> int:
    least, most = connections.LEAST_CONTEXT, connections.MOST_CONTEXT
    number = text.strip()
    if not (number.isascii() and number.isdigit() and least <= int(number[:9]) <= most):
        raise FieldInvalid("context_tokens", f"Enter a whole number from {least:,} to {most:,}.")
    return int(number[:9])
