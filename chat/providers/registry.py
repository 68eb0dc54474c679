"""The providers that this site has, in order. May import the providers and the plain ground."""

from collections.abc import Sequence

from chat.config import Settings
from chat.errors import Invalid
from chat.providers.base import Provider
from chat.providers.library import LibraryProvider


class Registry:
    """Providers by name; the first one is the default."""

    def __init__(self, providers: Sequence[Provider]) -> None:
        self._providers = {provider.name: provider for provider in providers}

    def choose(self, name: str, model: str) -> tuple[Provider, str]:
        """The provider and model asked for, or the defaults; Invalid when there is none such."""
        provider = self._providers.get(name or next(iter(self._providers)))
        if provider is None:
            known = ", ".join(self._providers)
            raise Invalid(f"There is no provider of that name here. Choose one of: {known}.")
        if model and model not in provider.models:
            known = ", ".join(provider.models)
            raise Invalid(f"{provider.name} has no such model. Choose one of: {known}.")
        return provider, model or provider.models[0]

    def list(self) -> list[Provider]:
        """Every provider, in order."""
        return list(self._providers.values())


def build_registry(settings: Settings) -> Registry:
    """What the settings call for; `library` is always there."""
    return Registry([LibraryProvider(settings.chunk_words, settings.chunk_delay_ms)])
