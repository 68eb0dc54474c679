"""The audit trail: who did what, when, so that nobody can change it unseen.

The database refuses to change and to delete its rows, and each row is sealed with a hash over
itself and the one before. It names people, conversations and documents by their ids, and holds
nothing of what they say. May import the plain ground and the tables.
"""

from chat.audit.actions import Action
from chat.audit.chain import BEGINNING, Entry, Head
from chat.audit.checking import Checked, check, last_checked
from chat.audit.pruning import prune
from chat.audit.reading import Filter, heads, read
from chat.audit.settings import note_settings
from chat.audit.trail import append
from chat.audit.verifying import Verdict, verify

__all__ = [
    "BEGINNING",
    "Action",
    "Checked",
    "Entry",
    "Filter",
    "Head",
    "Verdict",
    "append",
    "check",
    "heads",
    "last_checked",
    "note_settings",
    "prune",
    "read",
    "verify",
]
