"""Tables, with no behaviour beyond a row. Importing this package registers all of them."""

from chat.models.audit import AuditEntry, SeenSetting
from chat.models.cache import CachedAnswer
from chat.models.conversation import Conversation, Message, Pin
from chat.models.figures import FIGURES
from chat.models.knowledge import (
    Concept,
    Document,
    Link,
    Mention,
    Passage,
    PassageVector,
)
from chat.models.link import ShareLink
from chat.models.process import Announcement, Process
from chat.models.provider import StoredProvider
from chat.models.rating import Calibration, Rating
from chat.models.run import LogGroup, LogTail, Run
from chat.models.search import SearchEntry
from chat.models.space import Member, Space
from chat.models.upload import Upload
from chat.models.user import ApiToken, Invite, LoginSession, ResetLink, User

__all__ = [
    "FIGURES",
    "Announcement",
    "ApiToken",
    "AuditEntry",
    "CachedAnswer",
    "Calibration",
    "Concept",
    "Conversation",
    "Document",
    "Invite",
    "Link",
    "LogGroup",
    "LogTail",
    "LoginSession",
    "Member",
    "Mention",
    "Message",
    "Passage",
    "PassageVector",
    "Pin",
    "Process",
    "Rating",
    "ResetLink",
    "Run",
    "SearchEntry",
    "SeenSetting",
    "ShareLink",
    "Space",
    "StoredProvider",
    "Upload",
    "User",
]
