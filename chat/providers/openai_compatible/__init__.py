"""OpenAI's Chat Completions, as many vendors and servers speak it."""

from chat.providers.openai_compatible.wording import ChatCompletions

__all__ = ["ChatCompletions"]
