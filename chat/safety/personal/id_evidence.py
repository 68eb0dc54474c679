"""What speaks for a number of a person: the words beside it.

Imports those words, and the forms.
"""

from chat.safety.personal.context import Cue, cue, cue_before, is_in_row, tags_around
from chat.safety.personal.id_forms import Form

_NEAR = 2  # words in which a word that says something else counts
_NEAR_ITS_NAME = 4
_OTHERS = ("other", "figure", "phone", "card", "iban")


class _Any:
    """Every country: the words name a number of a person, and not whose."""

    def __contains__(self, country: object) -> bool:
        return True


ANY = _Any()


class Beside:
    """What the words beside a number say, looked up once and only where it matters."""

    def __init__(self, text: str, start: int, end: int) -> None:
        self._place = (text, start, end)
        self._cue: Cue | None = None
        self._persons: frozenset[str] | _Any | None = None
        self.is_other = False

    @property
    def cue(self) -> Cue:
        """The phrase beside it."""
        if self._cue is None:
            self._cue = cue(*self._place)
        return self._cue

    @property
    def persons(self) -> "frozenset[str] | _Any":
        """The countries whose numbers the words around name, unless one just there denies it.

        Then it `is_other`, and only those count that say of what country.
        """
        if self._persons is None:
            before = cue_before(*self._place[:2])
            around = tags_around(*self._place, before)
            is_denied = before.denies("tel", "other", "figure", "version", within=0)
            self.is_other = is_denied and not before.countries
            if self.is_other and before.says("tel"):
                self._persons = frozenset()
            elif "id" in around and not self.is_other:
                self._persons = ANY
            else:
                self._persons = frozenset(tag[3:] for tag in around if tag.startswith("id:"))
        return self._persons

    def is_plain(self, country: str = "") -> bool:
        """Whether it is no part of a longer row, and no word close by says that it is another."""
        if is_in_row(*self._place):
            return False
        return country in self.cue.countries or not self.cue.denies(*_OTHERS, within=_NEAR)

    def has(self, form: Form) -> bool:
        """Whether there is what the form needs."""
        match form.needs:
            case "named":
                return self.cue.denies(f"id:{form.country}", within=_NEAR_ITS_NAME)
            case "plain":
                return self.is_plain(form.country)
            case "bare":
                return not self.cue.denies("other", "figure", within=0)
        return True
