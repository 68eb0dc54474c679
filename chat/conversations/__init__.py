"""Who said what, where: conversations, their messages, and the end of an answer.

Every query starts from the viewer; one running answer for a question; only `finish_answer` makes
an answer final. May import the plain ground and the tables.
"""

from chat.conversations.asking import Asked, Wish, ask, ask_again, ask_first, find_asked, go_on
from chat.conversations.attempts import begin_attempt
from chat.conversations.ending import (
    Ended,
    Ending,
    ended_frames,
    find_ended,
    finish_answer,
)
from chat.conversations.path import find_message, newest_leaf, read_history, read_path
from chat.conversations.threads import (
    change_conversation,
    count_running,
    create_conversation,
    delete_conversation,
    find_conversation,
    hidden_among,
    list_conversations,
    running_answers,
    visible_to,
)
from chat.conversations.views import (
    ConversationPage,
    ConversationView,
    MessagePage,
    MessageView,
)

__all__ = [
    "Asked",
    "ConversationPage",
    "ConversationView",
    "Ended",
    "Ending",
    "MessagePage",
    "MessageView",
    "Wish",
    "ask",
    "ask_again",
    "ask_first",
    "begin_attempt",
    "change_conversation",
    "count_running",
    "create_conversation",
    "delete_conversation",
    "ended_frames",
    "find_asked",
    "find_conversation",
    "find_ended",
    "find_message",
    "finish_answer",
    "go_on",
    "hidden_among",
    "list_conversations",
    "newest_leaf",
    "read_history",
    "read_path",
    "running_answers",
    "visible_to",
]
