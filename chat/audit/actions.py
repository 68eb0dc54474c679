"""What the audit trail tells of, as a closed set. Imports nothing of Parley."""

from enum import StrEnum


class Action(StrEnum):
    """`object.what`: a filter by the object needs only the part before the dot."""

    SIGNED_IN = "session.begun"
    SIGN_IN_FAILED = "session.refused"
    SIGNED_OUT = "session.ended"
    INVITED = "invite.made"
    INVITE_WITHDRAWN = "invite.withdrawn"
    RESET_LINK_MADE = "person.reset_link"
    ROLE_CHANGED = "person.role"
    PERSON_DISABLED = "person.disabled"
    PERSON_ENABLED = "person.enabled"
    LIMITS_CHANGED = "person.limits"
    DOCUMENT_ADDED = "document.added"
    DOCUMENT_DELETED = "document.deleted"
    PROVIDER_SAVED = "provider.saved"
    PROVIDER_DELETED = "provider.deleted"
    PROVIDER_SWITCHED = "provider.switched"
    PROVIDER_MOVED = "provider.moved"
    CONVERSATION_DELETED = "conversation.deleted"
    ANSWERED = "answer.ended"
    TRAIL_EXPORTED = "audit.exported"
