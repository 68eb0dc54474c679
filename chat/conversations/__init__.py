"""Who said what, where: conversations, their messages, and the end of an answer.

Every query starts from the viewer; one running answer for a question; only `finish_answer` makes
an answer final. May import the plain ground and the tables.
"""

from chat.conversations.allowance import Allowance, first_unfinished
from chat.conversations.asking import ask, ask_again, ask_first, find_asker, go_on
from chat.conversations.attempts import (
    Left,
    any_released,
    ask_to_stop,
    asked_to_stop,
    begin_attempt,
    find_left,
    find_owner,
    forget_ended_logs,
    is_running,
    load_rows,
    owned_by,
    release,
    take_over,
)
from chat.conversations.beginning import Asked, Wish, read_asked
from chat.conversations.ending import (
    Ended,
    Ending,
    ended_frames,
    find_ended,
    finish_answer,
)
from chat.conversations.importing import store_talk
from chat.conversations.links import (
    LinkView,
    OwnLink,
    SharedTalk,
    list_links,
    list_own_links,
    make_link,
    read_shared,
    withdraw_link,
)
from chat.conversations.path import find_message, newest_leaf, read_history, read_path
from chat.conversations.pins import pin_conversation
from chat.conversations.places import check_may_ask, may_ask, visible_to
from chat.conversations.ratings import (
    count_ratings,
    list_ratings,
    own_ratings,
    rate,
    withdraw_rating,
)
from chat.conversations.threads import (
    NOWHERE,
    NewPlace,
    change_conversation,
    create_conversation,
    delete_conversation,
    find_conversation,
    list_conversations,
    running_answers,
)
from chat.conversations.views import (
    ConversationPage,
    ConversationView,
    MessagePage,
    MessageView,
    RatingView,
)
from chat.conversations.watching import hidden_among

__all__ = [
    "NOWHERE",
    "Allowance",
    "Asked",
    "ConversationPage",
    "ConversationView",
    "Ended",
    "Ending",
    "Left",
    "LinkView",
    "MessagePage",
    "MessageView",
    "NewPlace",
    "OwnLink",
    "RatingView",
    "SharedTalk",
    "Wish",
    "any_released",
    "ask",
    "ask_again",
    "ask_first",
    "ask_to_stop",
    "asked_to_stop",
    "begin_attempt",
    "change_conversation",
    "check_may_ask",
    "count_ratings",
    "create_conversation",
    "delete_conversation",
    "ended_frames",
    "find_asker",
    "find_conversation",
    "find_ended",
    "find_left",
    "forget_ended_logs",
    "find_message",
    "find_owner",
    "finish_answer",
    "first_unfinished",
    "go_on",
    "hidden_among",
    "is_running",
    "list_conversations",
    "list_links",
    "list_own_links",
    "list_ratings",
    "load_rows",
    "make_link",
    "may_ask",
    "newest_leaf",
    "own_ratings",
    "owned_by",
    "pin_conversation",
    "rate",
    "read_asked",
    "read_history",
    "read_path",
    "read_shared",
    "release",
    "running_answers",
    "store_talk",
    "take_over",
    "visible_to",
    "withdraw_link",
    "withdraw_rating",
]
