"""Reads what comes back in the Chat Completions format, streamed or whole.

Keeps true: what servers leave out, send as null or add does no harm; the data of a stream, cut into
reads in any way, gives the same text, thinking, usage and end. May import the plain ground and the
providers' shared files.
"""

import re
from collections.abc import Sequence
from typing import Any

import msgspec

from chat.providers.base import Usage
from chat.providers.citing import Page
from chat.providers.failures import Complaints
from chat.providers.formats import Reading, Reason
from chat.providers.openai_compatible.tags import ThinkTags

DONE = "[DONE]"
_REASONS: dict[str, Reason] = {
    "length": "length",
    "max_tokens": "length",
    "model_length": "length",  # Mistral: the window is full
    "content_filter": "refused",
    "safety": "refused",
    "refusal": "refused",
}
_STATUS = re.compile(r"(?i)(rate_?limit|quota)|(overload|unavailable)|(auth|api_?key)|(invalid)")
_SPECIAL = re.compile(r"<\|.*\|>|</?s>|<(?:pad|eos|bos|unk|start_of_turn|end_of_turn)>")
_LEAST = -10.0  # some send -9999 for "not among the likely ones"


class _Part(msgspec.Struct, gc=False):
    type: str | None = None
    text: str | None = None
    thinking: "str | list[_Part] | None" = None


class _Said(msgspec.Struct, gc=False):
    content: str | list[_Part] | None = None
    reasoning_content: str | None = None
    reasoning: str | None = None
    refusal: str | None = None


class _Token(msgspec.Struct, gc=False):
    token: str | None = None
    logprob: float | None = None


class _Logprobs(msgspec.Struct, gc=False):
    content: list[_Token] | None = None


class _Choice(msgspec.Struct, gc=False):
    delta: _Said | None = None
    message: _Said | None = None
    logprobs: _Logprobs | None = None
    finish_reason: str | None = None


class _Usage(msgspec.Struct, gc=False):
    prompt_tokens: int | float | None = None
    completion_tokens: int | float | None = None


class _Result(msgspec.Struct, gc=False):
    url: str | None = None
    title: str | None = None
    snippet: str | None = None


class _Chunk(msgspec.Struct, gc=False):
    choices: list[_Choice] | None = None
    usage: _Usage | None = None
    error: Any = None
    object: str | None = None
    citations: msgspec.Raw = msgspec.Raw()
    search_results: msgspec.Raw = msgspec.Raw()


_decode = msgspec.json.Decoder(_Chunk).decode
_urls = msgspec.json.Decoder(list[str])
_results = msgspec.json.Decoder(list[_Result])


class ChatReading(Reading):
    """One response; `searches` is for a provider that tells the pages it has found."""

    __slots__ = ("_prefers_reasoning", "_searches", "_seen", "_tags")

    def __init__(
        self, complaints: Complaints, prefers_reasoning: bool = False, searches: bool = False
    ) -> None:
        super().__init__(complaints)
        self._prefers_reasoning = prefers_reasoning
        self._searches = searches
        self._seen = b""
        self._tags: ThinkTags | None = ThinkTags()

    def take(self, events: Sequence[str]) -> None:
        texts: list[str] = []
        thoughts: list[str] = []
        for data in events:
            if data == DONE:
                self.is_over = True
                break
            try:
                chunk = _decode(data)
            except msgspec.DecodeError:
                self.misread()
                break
            if chunk.error is not None or chunk.object == "error":
                self.fail(chunk.error or msgspec.json.decode(data), _status_of(chunk.error))
                break
            for choice in chunk.choices or ():
                if choice.delta is not None:
                    self._hear(choice.delta, choice.logprobs, texts, thoughts)
                if choice.finish_reason:
                    self._finish(choice.finish_reason)
            if chunk.usage is not None or self._searches:
                self._note(chunk)
        self.text, self.thinking = "".join(texts), "".join(thoughts)

    def take_whole(self, body: bytes) -> None:
        self.text = self.thinking = ""
        try:
            chunk = _decode(body)
        except msgspec.DecodeError:
            self.misread()
            return
        if chunk.error is not None or chunk.object == "error":
            self.fail(chunk.error or msgspec.json.decode(body), _status_of(chunk.error))
            return
        texts: list[str] = []
        thoughts: list[str] = []
        for choice in chunk.choices or ():
            said = choice.message or choice.delta
            if said is not None:
                self._hear(said, choice.logprobs, texts, thoughts)
            self._finish(choice.finish_reason or "stop")
        self._note(chunk)
        self.end()
        self.text, self.thinking = "".join(texts) + self.text, "".join(thoughts) + self.thinking
        self.is_over = True

    def end(self) -> None:
        thought, text = self._tags.end() if self._tags is not None else ("", "")
        self.thinking, self.text = thought, text

    def _hear(
        self, said: _Said, logprobs: _Logprobs | None, texts: list[str], thoughts: list[str]
    ) -> None:
        """What a delta says; this runs for each token."""
        if self._prefers_reasoning:
            thought = said.reasoning or said.reasoning_content
        else:
            thought = said.reasoning_content or said.reasoning
        if thought:
            thoughts.append(thought)
        text = said.content
        if said.refusal:
            self.finish = "refused"
            text = text or said.refusal
        if not text:
            return
        if not isinstance(text, str):
            text = _join(text, thoughts)
        if self._tags is not None:
            thought, text = self._tags.split(text)
            if thought:
                thoughts.append(thought)
            if self._tags.is_over:
                self._tags = None
        if text:
            texts.append(text)
            if self.has_logprobs is not False:
                self._measure(text, logprobs)

    def _measure(self, text: str, logprobs: _Logprobs | None) -> None:
        tokens = logprobs.content if logprobs is not None else None
        if self.has_logprobs is None and not text.isspace():
            self.has_logprobs = bool(tokens)
        for token in tokens or ():
            word, value = token.token, token.logprob
            if word and value is not None and not (word[0] == "<" and _SPECIAL.fullmatch(word)):
                self.surprise -= min(max(value, _LEAST), 0.0)
                self.measured += 1

    def _finish(self, reason: str) -> None:
        if reason == "error":
            self.fail("", 502)
        self.finish = _REASONS.get(reason, self.finish or "end")

    def _note(self, chunk: _Chunk) -> None:
        """What is told of the whole answer: some tell it again and again, as it grows."""
        usage = chunk.usage
        if usage is not None and (usage.prompt_tokens or usage.completion_tokens):
            read, written = usage.prompt_tokens or 0, usage.completion_tokens or 0
            self.usage = Usage(int(read), int(written))
        found = bytes(chunk.search_results) or bytes(chunk.citations)
        if self._searches and found and found != self._seen:
            self._seen = found
            self.pages = _pages(chunk) or self.pages


def _join(parts: Sequence[_Part], thoughts: list[str]) -> str:
    """The text of a content in parts; Mistral's thinking models send their thoughts so."""
    texts: list[str] = []
    for part in parts:
        if isinstance(part.thinking, str):
            thoughts.append(part.thinking)
        elif part.thinking:
            thoughts.append(_join(part.thinking, thoughts))
        if part.text:
            texts.append(part.text)
    return "".join(texts)


def _pages(chunk: _Chunk) -> list[Page]:
    """The pages in a chunk; nothing where they are told in a form that is not known."""
    try:
        if bytes(chunk.search_results) not in (b"", b"null", b"[]"):
            found = _results.decode(chunk.search_results)
            return [Page(one.url or "", one.title or "", one.snippet or "") for one in found]
        if bytes(chunk.citations) not in (b"", b"null"):
            return [Page(url) for url in _urls.decode(chunk.citations)]
    except msgspec.DecodeError:
        pass
    return []


def _status_of(error: object) -> int:
    """The HTTP status that an error inside a response stands for."""
    if not isinstance(error, dict):
        return 500
    told = error.get("code"), error.get("status"), error.get("status_code")
    for number in told:
        if isinstance(number, int) and 400 <= number < 600:
            return number
    kind = _STATUS.search(f"{error.get('type')} {error.get('code')}")
    return (429, 503, 401, 400)[(kind.lastindex or 1) - 1] if kind is not None else 500
