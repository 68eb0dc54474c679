"""The tables of a send as SQLAlchemy Core sees them.

What every send and every end does is said over these, in statements that are built once with
`bindparam`: building one costs more than running it, and rows as objects would be read again.
May import the tables.
"""

from chat.models import Conversation

_tables = Conversation.metadata.tables
CONVERSATIONS = _tables["conversations"]
MESSAGES = _tables["messages"]
RUNS = _tables["runs"]
LOG_GROUPS = _tables["log_groups"]
USERS = _tables["users"]
MEMBERS = _tables["members"]
