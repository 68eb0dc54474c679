"""What came and how it ended, and what the next requests shall meet."""

import time
from collections import Counter, deque
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, replace
from typing import Any

from tests.upstream import behaviours
from tests.upstream.behaviours import Behaviour
from tests.upstream.exchanges import Exchange, Request


@dataclass(slots=True)
class Record:
    """One request. `arrived`, `finished` and `closed` are seconds of this machine's
    `time.monotonic()`, the same clock in every process of it; `closed` is its socket's end."""

    connection: int
    method: str
    path: str
    headers: Mapping[str, str]
    body: Any
    behaviour: str = ""
    arrived: float = field(default_factory=time.monotonic)
    finished: float | None = None
    closed: float | None = None
    closed_at: float | None = None  # the wall clock, as time.time()
    sent: int = 0
    exchange: Exchange | None = None

    def as_json(self) -> dict[str, Any]:
        if self.exchange is not None:
            self.sent = self.exchange.sent
        shown = asdict(replace(self, exchange=None))
        closed_ms = None if self.closed is None else (self.closed - self.arrived) * 1000
        return shown | {"closed_ms": closed_ms}


class Ledger:
    """The records since the last reset, and the script."""

    def __init__(self) -> None:
        self.reset()

    def reset(self) -> None:
        self.records: list[Record] = []
        self._failed: Counter[str] = Counter()
        self.plan({})

    def plan(self, script: Any) -> None:
        """A list of behaviours, or `{"behaviours", "then", "models"}`: see `Upstream.script`."""
        told = script if isinstance(script, Mapping) else {"behaviours": script}
        self._next = deque(behaviours.read(one) for one in told.get("behaviours", ()))
        self._then = told.get("then")
        self._models = told.get("models", "write")

    def note(self, connection: int, request: Request) -> Record:
        record = Record(connection, request.method, request.path, request.headers, request.json())
        self.records.append(record)
        return record

    def choose(self, request: Request, model: str) -> Behaviour:
        """What this request meets: the script's next, else its `then`, else the model's name."""
        if request.method == "GET":
            return behaviours.read(self._models)
        told = self._next.popleft() if self._next else behaviours.read(self._then or model)
        if told.kind != "fails":
            return told
        self._failed[model] += 1
        over = self._failed[model] > int(told.detail)
        return replace(told, kind="write") if over else told
