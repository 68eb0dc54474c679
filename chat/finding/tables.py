"""The tables of people's search as SQLAlchemy Core sees them. May import the tables."""

from chat.models import SearchEntry

_tables = SearchEntry.metadata.tables
ENTRIES = _tables["search_entries"]
CONVERSATIONS = _tables["conversations"]
MESSAGES = _tables["messages"]
DOCUMENTS = _tables["documents"]
PASSAGES = _tables["passages"]
SPACES = _tables["spaces"]
USERS = _tables["users"]
