"""Search for people: over the titles and messages of conversations, and over documents.

Only what the viewer may see is found, filtered in the query; typing errors are forgiven. What finds
passages for an answer is in `knowledge`. May import knowledge, conversations and the tables.
"""

from chat.finding.asked import Wanted
from chat.finding.company import people_near
from chat.finding.pending import Indexing, catch_up, index_pending
from chat.finding.results import Result, Results
from chat.finding.search import KINDS, search

__all__ = [
    "KINDS",
    "Indexing",
    "Result",
    "Results",
    "Wanted",
    "catch_up",
    "index_pending",
    "people_near",
    "search",
]
