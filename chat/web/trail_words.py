"""What the page of the audit trail calls the things that are done. Imports the set of actions.

Keeps true: every action has its words (tests/unit/audit/test_words.py).
"""

from collections.abc import Mapping

from chat.audit import Action

KINDS: Mapping[str, str] = {  # the part before the dot, as a choice of the filter
    "answer": "Answers",
    "audit": "The trail itself",
    "backup": "Backups",
    "conversation": "Conversations",
    "document": "Documents",
    "invite": "Invitations",
    "link": "Links",
    "person": "People",
    "provider": "Models",
    "session": "Sign-ins",
    "settings": "Settings",
    "space": "Spaces",
    "token": "API tokens",
}
SAID: Mapping[Action, str] = {  # after the name of who did it
    Action.SIGNED_IN: "signed in",
    Action.SIGN_IN_FAILED: "A sign-in failed",
    Action.SIGNED_OUT: "signed out, or ended a session",
    Action.INVITED: "made an invitation",
    Action.INVITE_WITHDRAWN: "withdrew an invitation",
    Action.JOINED: "has an account now",
    Action.PERSON_RENAMED: "changed their name",
    Action.PASSWORD_CHANGED: "changed their password",
    Action.PASSWORD_RESET: "chose a new password by a link",
    Action.RESET_LINK_MADE: "made a reset link",
    Action.ROLE_CHANGED: "changed a role",
    Action.PERSON_DISABLED: "disabled an account",
    Action.PERSON_ENABLED: "enabled an account",
    Action.LIMITS_CHANGED: "set limits of",
    Action.EVERYTHING_EXPORTED: "took along what is theirs",
    Action.TOKEN_MADE: "made an API token",
    Action.TOKEN_REVOKED: "revoked an API token",
    Action.SPACE_MADE: "made a space",
    Action.SPACE_CHANGED: "changed what a space is set to",
    Action.SPACE_JOINED: "came into a space",
    Action.SPACE_LEFT: "left a space",
    Action.MEMBER_CHANGED: "changed a role in a space",
    Action.MEMBER_REMOVED: "took somebody out of a space",
    Action.DOCUMENT_ADDED: "added a document",
    Action.DOCUMENT_DELETED: "deleted a document",
    Action.PROVIDER_SAVED: "saved a provider",
    Action.PROVIDER_DELETED: "deleted a provider",
    Action.PROVIDER_SWITCHED: "switched a provider",
    Action.PROVIDER_MOVED: "moved a provider",
    Action.CONVERSATION_SHARED: "shared a conversation with a space",
    Action.CONVERSATION_UNSHARED: "made a conversation private",
    Action.CONVERSATION_MOVED: "moved a conversation",
    Action.CONVERSATION_EXPORTED: "took a conversation along",
    Action.CONVERSATIONS_IMPORTED: "read in conversations",
    Action.LINK_MADE: "made a link to a conversation",
    Action.LINK_WITHDRAWN: "withdrew a link",
    Action.CONVERSATION_DELETED: "deleted a conversation",
    Action.ANSWERED: "asked, and was answered",
    Action.RECALIBRATED: "fitted the confidence to the ratings",
    Action.SETTINGS_CHANGED: "changed settings, and started the site",
    Action.BACKUP_MADE: "made a backup",
    Action.BACKUP_RESTORED: "restored a backup",
    Action.TRAIL_EXPORTED: "wrote the trail out",
}
