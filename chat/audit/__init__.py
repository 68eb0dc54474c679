"""The audit trail: who did what, when, so that nobody can change it unseen.

The database refuses to change and to delete its rows, and each row is sealed with a hash over
itself and the one before. It names people, conversations and documents by their ids, and holds
nothing of what they say. May import the plain ground and the tables.
"""

from chat.audit.actions import Action
from chat.audit.chain import BEGINNING, Entry, Head
from chat.audit.reading import Filter, heads, read
from chat.audit.trail import append
from chat.audit.verifying import Verdict, verify

__all__ = [
    "BEGINNING",
    "Action",
    "Entry",
    "Filter",
    "Head",
    "Verdict",
    "append",
    "heads",
    "read",
    "verify",
]
