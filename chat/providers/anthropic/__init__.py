"""Anthropic's Messages."""

from chat.providers.anthropic.wording import Messages

__all__ = ["Messages"]
