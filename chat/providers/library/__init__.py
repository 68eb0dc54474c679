"""The built-in provider: answers from the documents alone, without a model.

`reading` takes passages apart, `ranking` finds the best sentences, `confidence` says how likely
they hold the answer, `composing` writes them, `provider` paces what was written.
"""

from chat.providers.library.provider import LibraryProvider

__all__ = ["LibraryProvider"]
