"""The requests of one answer: sent, worded anew where a server refuses something, and cancelled.

Keeps true: at most one request is open; `cancel` ends it, and whatever would follow. May import the
plain ground and the files beside it.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import msgspec

from chat.providers.abilities import PREFILL, Abilities, Ask, is_too_long
from chat.providers.allowances import Allowance, allow
from chat.providers.failures import StatusError
from chat.providers.formats import Format, Wish
from chat.providers.prompt import Prompt, build_prompt
from chat.providers.wire import Call, Cancelled, Upstream
from chat.values import AnswerRequest, Passage

_LOGPROBS = "logprobs"
_HALVINGS = 2  # a prompt of a fourth that is still too long has another fault
_LET_GO = Prompt("", (), (), 0, 0)


@dataclass(frozen=True, slots=True)
class Model:
    """Who is asked, and what is known of it; `window` is in tokens."""

    name: str
    upstream: Upstream
    format: Format
    abilities: Abilities
    window: int


class Exchange:
    """Asks a model one request, as often as it takes until something usable comes."""

    __slots__ = (
        "_cancelled",
        "_doubted",
        "_halvings",
        "_request",
        "_room",
        "ask",
        "call",
        "model",
        "prompt",
    )

    def __init__(self, model: Model, request: AnswerRequest) -> None:
        self.model = model
        self.call = Call()
        self.ask = Ask({}, {})
        self._cancelled = False
        self._doubted = ""
        self._halvings = 0
        self._room: int | None = None  # tokens, where the model's window turned out to be smaller
        self._request: AnswerRequest | None = request
        self.prompt = self._build(request)

    @property
    def allowance(self) -> Allowance:
        model = self.model
        thinks = model.abilities.thinks or model.format.thinks(model.name)
        assert self._request is not None
        return allow(self._request.depth, model.window, thinks=thinks)

    @property
    def given(self) -> Sequence[Passage]:
        """The passages that the prompt holds, as they are in the library."""
        assert self._request is not None
        return self._request.retrieval.passages[: len(self.prompt.passages)]

    @property
    def asks_logprobs(self) -> bool:
        return self.model.format.gives_logprobs(self._wish())

    @property
    def is_streamed(self) -> bool:
        """Whether what comes is a stream of events; some answer at once though asked for one."""
        kind = self.call.content_type
        return kind != "application/json" and not kind.endswith("+json")

    def send(self) -> None:
        """Send the request, without what the server refuses; raises ProviderError, Cancelled."""
        assert self._request is not None
        model = self.model
        while True:
            self.ask = model.format.ask(self.prompt, self._wish())
            self._begin()
            try:
                model.upstream.post(
                    model.format.path,
                    msgspec.json.encode(self.ask.body),  # held by nobody else while it waits
                    deadline=self._request.deadline,
                    call=self.call,
                )
                return
            except StatusError as refusal:
                if not self._adapt(refusal):
                    raise

    def find_fault(self) -> bool:
        """After nothing came: change what may be the reason; false when there is none left.

        llama-cpp-python answers so to a prompt that is too long, and where a model was loaded
        without what log-probabilities need.
        """
        if _LOGPROBS in self.ask.body:
            self._doubted = _LOGPROBS
            return True
        return self._shrink()

    def make_room(self) -> bool:
        """After thoughts took all that could be written: leave room for them, from now on."""
        before, self.model.abilities.thinks = self.allowance.output(), True
        return self.allowance.output() > before and self._rebuild()

    def settle(self) -> None:
        """Text has come: what was left out on suspicion was the reason; nothing is sent anew."""
        if self._doubted and self._room is None:
            self.model.abilities.without.add(self._doubted)
        self._request, self.ask, self.prompt = None, Ask({}, {}), _LET_GO

    def cancel(self) -> None:
        """End it, from any thread, at any time."""
        self._cancelled = True
        self.call.cancel()

    def close(self) -> None:
        self.call.close()

    def _begin(self) -> None:
        """A new call, that `cancel` reaches from here on."""
        self.call.close()
        self.call = Call()
        if self._cancelled:  # looked at after the call is there: one of the two sees the other
            raise Cancelled

    def _adapt(self, refusal: StatusError) -> bool:
        too_long = is_too_long(refusal)
        return (too_long and self._shrink()) or self.model.abilities.learn(refusal, self.ask)

    def _shrink(self) -> bool:
        """Half the prompt, as often as a few times, where there is anything to leave out."""
        prompt = self.prompt
        if self._halvings == _HALVINGS or not (prompt.passages or prompt.messages_used):
            return False
        self._halvings += 1
        self._room = prompt.tokens_used // 2
        return self._rebuild()

    def _rebuild(self) -> bool:
        assert self._request is not None
        self.prompt = self._build(self._request)
        return True

    def _build(self, request: AnswerRequest) -> Prompt:
        room = self.allowance.prompt if self._room is None else self._room
        request = request if request.veil is None else request.veil.request
        return build_prompt(request, room, numbered=not self.model.format.searches)

    def _wish(self) -> Wish:
        abilities = self.model.abilities
        without = abilities.without | ({self._doubted} if self._doubted else set())
        if abilities.thinks:  # what follows a beginning would count as its thoughts
            without = without | {PREFILL}
        return Wish(self.model.name, self.allowance, without)
