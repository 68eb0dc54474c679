"""Readers, many at once, each of whom follows an answer of their own to its end.

Keeps true: everything that a reader was shown is compared with what is stored, character for
character, and with what others got for the same question: these writers always write the same,
so what was lost or doubled where one process went on for another shows.
"""

import random
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from tests.faults.instances import Owned
from tests.live import LiveSite
from tests.service.resuming import Door, ResumingReader
from tests.upstream.process import Upstream

QUESTIONS = (
    "How do I add documents?",
    "How do I connect a model?",
    "What happens when the server restarts in the middle of an answer?",
    "How do I stop an answer, and how do I finish it later?",
    "Which keys can I use?",
    "Who can see my conversations?",
)
LIBRARY: Mapping[str, str] = {"provider": "library"}
MODEL: Mapping[str, str] = {"provider": "local", "model": "continues-tokens-150-rate-25"}


def model_at(upstream: Upstream) -> dict[str, str]:
    """The settings of a site that is connected to MODEL, which goes on with a given beginning."""
    return {
        "PARLEY_PROVIDERS": MODEL["provider"],
        "PARLEY_PROVIDER_LOCAL_BASE_URL": f"{upstream.url}/v1",
        "PARLEY_PROVIDER_LOCAL_PRESET": "vllm",
        "PARLEY_PROVIDER_LOCAL_MODELS": MODEL["model"],
    }


@dataclass
class Crowd:
    """So many readers at once; whoever has come to the end makes room for another one.

    `writers` are the choices of provider and model, one of which each reader makes. `names` is in
    whose name they read. They go to the sites by the `doors`, if there are any.
    """

    sites: Sequence[LiveSite]
    size: int
    chance: random.Random
    writers: Sequence[Mapping[str, str]] = (LIBRARY,)
    names: Sequence[str] = ("alice", "bob")
    doors: Sequence[Door] = ()
    reading: list[ResumingReader] = field(default_factory=list)
    done: list[ResumingReader] = field(default_factory=list)

    def fill(self) -> None:
        """Let new readers in for those who have left."""
        for reader in [one for one in self.reading if one.has_ended]:
            self.reading.remove(reader)
            self.done.append(reader)
        while len(self.reading) < self.size:
            self.reading.append(self._reader().start())

    def finish(self, timeout: float = 120) -> None:
        """Nobody new; wait for all."""
        for reader in self.reading:
            reader.wait_for_end(timeout)
            self.done.append(reader)
        self.reading.clear()

    def faults(self) -> list[str]:
        """What was lost, doubled, or not brought to its end, one line each."""
        found = [fault for reader in self.done for fault in faults_of(reader, self.sites[0])]
        texts: dict[tuple[str, str], set[str]] = defaultdict(set)
        for reader in filter(_is_sure, self.done):
            texts[reader.body["content"], reader.body["provider"]].add(reader.text)
        return found + [
            f"{asked}: {sorted(told)}" for asked, told in texts.items() if len(told) > 1
        ]

    def latencies(self, killed: Sequence[tuple[float, Owned]]) -> list[float]:
        """Seconds from a death to the first word of the next attempt, for each answer it hit."""
        readers = {reader.message_id: reader for reader in self.done}
        found = []
        for at, owned in killed:
            begun = readers[owned.message_id].begun if owned.message_id in readers else {}
            later = [when for attempt, when in begun.items() if attempt > owned.attempt]
            if later:
                found.append(min(later) - at)
        return found

    def _reader(self) -> ResumingReader:
        doors = self.doors or self.sites
        first = self.chance.randrange(len(doors))
        body: dict[str, Any] = {"content": self.chance.choice(QUESTIONS)}
        return ResumingReader(
            [*doors[first:], *doors[:first]],
            body={**body, **self.chance.choice(self.writers)},
            as_=self.chance.choice(self.names),
            chance=random.Random(self.chance.random()),
        )


def _is_sure(reader: ResumingReader) -> bool:
    """Whether the writer always writes the same, and goes on at the character."""
    return reader.body.get("provider") in {LIBRARY["provider"], MODEL["provider"]}


def faults_of(reader: ResumingReader, site: LiveSite) -> list[str]:
    """What is wrong with what one reader was shown."""
    if reader.trouble or not reader.ends:
        return [f"{reader.message_id or 'no message'}: {reader.trouble or 'no end'}"]
    status, stored = site.request("GET", f"/api/messages/{reader.message_id}", as_=reader.as_)
    if status != 200:
        return [f"{reader.message_id}: {status}"]
    found = []
    if stored["status"] != "complete":
        found.append(f"{reader.message_id}: {stored['status']}, told {reader.ends}")
    if stored["content"] != reader.text:
        found.append(f"{reader.message_id}: shown {reader.text!r}, stored {stored['content']!r}")
    if len(reader.ends) != 1:
        found.append(f"{reader.message_id}: ended {len(reader.ends)} times")
    if _is_sure(reader) and "reset" in reader.names:
        found.append(f"{reader.message_id}: began again from nothing")
    return found
