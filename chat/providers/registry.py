"""The providers that this site has, in the order in which they are asked.

Those of the environment come first, then those that admins have connected, and `library` is always
the last and always there. The stored ones are read when a provider is first asked for: the database
may not be prepared before. May import the providers and the plain ground.
"""

import logging
import threading
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from chat.config import Settings
from chat.connections import BUILT_IN
from chat.database import Database
from chat.errors import Invalid
from chat.metrics.counted import know
from chat.providers.base import Provider
from chat.providers.library import LibraryProvider
from chat.providers.sealing import Sealer
from chat.providers.stored import usable_connections
from chat.values import Connection

logger = logging.getLogger(__name__)
if TYPE_CHECKING:
    from chat.providers.embedding import Embedder
    from chat.providers.pacing import Pace

Choice = tuple[Provider, str]


class Registry:
    """Providers by name; the first one is the default. `load` gives them at the first use."""

    def __init__(
        self,
        providers: Sequence[Provider] = (),
        *,
        load: Callable[[], Sequence[Provider]] | None = None,
    ) -> None:
        self._providers = {provider.name: provider for provider in providers}
        self._load = load
        self._loading = threading.Lock()

    def choose(self, name: str, model: str) -> Choice:
        """The provider and model asked for, or the defaults; Invalid when there is none such."""
        providers = self._known()
        provider = providers.get(name or next(iter(providers)))
        if provider is None:
            known = ", ".join(providers)
            raise Invalid(f"There is no provider of that name here. Choose one of: {known}.")
        if model and model not in provider.models:
            known = ", ".join(provider.models)
            raise Invalid(f"{provider.name} has no such model. Choose one of: {known}.")
        return provider, model or provider.models[0]

    def candidates(self, name: str, model: str, order: Sequence[str] = ()) -> list[Choice]:
        """Who is asked in turn: the chosen one first, then the others with their usual models.

        `order` names those that come before the rest; the first of them is the default.
        A choice that is gone by now counts as none, so an answer of it can still be continued.
        Who chose the built-in provider has nothing sent anywhere, so nobody comes after it.
        """
        if not name and not model:
            name = next(iter(self.in_order(order))).name
        try:
            first = self.choose(name, model)
        except Invalid:
            first = self.choose("", "")
        if first[0].name == BUILT_IN:
            return [first]
        others = [one for one in self.in_order(order) if one.name != first[0].name]
        return [first, *((one, one.models[0]) for one in others)]

    def embedder(self) -> "Embedder | None":
        """Who makes vectors of texts: the first connection that has a model for that."""
        self._known()
        return getattr(self._load, "embedder", None)

    def list(self) -> "list[Provider]":
        """Every provider, in order."""
        return [*self._known().values()]

    def in_order(self, names: Sequence[str]) -> Sequence[Provider]:
        """Every provider, those of these names first."""
        known = self._known()
        first = [known[name] for name in names if name in known]
        return [*first, *(one for one in known.values() if one not in first)]

    def replace(self, providers: Sequence[Provider]) -> None:
        """Take others from now on; answers that are being written keep theirs."""
        self._providers = {provider.name: provider for provider in providers}

    def reload(self) -> None:
        """Take what is described now, after a change of it."""
        if self._load is not None:
            with self._loading:  # of two changes at once, the later one is read last
                self._providers = {provider.name: provider for provider in self._load()}

    def _known(self) -> dict[str, Provider]:
        if not self._providers and self._load is not None:
            with self._loading:
                if not self._providers:
                    self._providers = {provider.name: provider for provider in self._load()}
        return self._providers


class _Loader:
    """Builds the providers that are described now; one that did not change stays the same."""

    def __init__(self, settings: Settings, database: Database) -> None:
        self._settings = settings
        self._database = database
        self._sealer = Sealer(settings.secret_key)
        self._library = LibraryProvider(settings.chunk_words, settings.chunk_delay_ms)
        self._pace: Pace | None = None
        self._built: dict[Connection, Provider] = {}
        self._embeds: Connection | None = None
        self.embedder: Embedder | None = None

    def __call__(self) -> list[Provider]:
        described = {one: self._built.get(one) or self._build(one) for one in self._described()}
        for one in described:
            know(one.name, one.preset)
        self._choose_embedder([one for one, built in described.items() if built is not None])
        built = {one: provider for one, provider in described.items() if provider is not None}
        for gone in self._built.keys() - built.keys():
            _let_go(self._built[gone])
        self._built = built
        return [*built.values(), self._library]

    def _choose_embedder(self, connections: Sequence[Connection]) -> None:
        chosen = next((one for one in connections if one.embedding_model), None)
        if chosen == self._embeds:
            return
        former, self._embeds = self.embedder, chosen
        self.embedder = None
        if chosen is not None:
            from chat.providers.embedding import Embedder  # loaded where there is one to ask

            self.embedder = Embedder(chosen, self._settings.limits)
        if former is not None:
            former.close()

    def _described(self) -> list[Connection]:
        own = self._settings.connections
        with self._database.reading() as session:
            taken = {connection.name for connection in own}
            return [*own, *usable_connections(session, self._sealer, taken)]

    def _build(self, connection: Connection) -> Provider | None:
        """None for one that cannot be asked: the others can, and the site starts."""
        from chat.providers.building import build_provider  # loaded where there is a model to ask
        from chat.providers.pacing import Pace

        self._pace = self._pace or Pace()
        try:
            return build_provider(connection, self._settings.limits, self._pace)
        except Invalid as error:
            logger.error("the provider %s is left out: %s", connection.name, error)
            return None


def _let_go(provider: Provider) -> None:
    """Close the connections that a provider keeps for the next answer, where it keeps any."""
    close = getattr(provider, "close", None)
    if close is not None:
        close()


def build_registry(settings: Settings, database: Database) -> Registry:
    """What the settings and the database call for."""
    return Registry(load=_Loader(settings, database))
