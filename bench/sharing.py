"""Two processes that share a PostgreSQL and a Redis: who follows on one reads what the other has.

    python -m bench.sharing [--followers 2000] [--answers 100] [--away 20] [--parts well,away]

Starts all of them on loopback, with a loopback upstream that writes 20 tokens a second, and lets
every follower follow an answer of the other process; then once more while Redis is killed, away
for a while, and back, empty. Prints a table and writes bench/results.json. Stops by itself.
"""

import argparse
import threading
import time
from collections.abc import Callable
from contextlib import ExitStack
from typing import Any

from redis.exceptions import RedisError

from bench import record
from bench.followers import Crowd as Askers
from bench.followers import follow
from bench.measuring import Crowd, Load
from bench.processes import cpu_seconds
from bench.requests import send_request, start_conversations
from bench.sides import Side, two_sides
from bench.tokens import model_name
from tests.redis_process import RedisProcess

RATE, TOKENS = 20, 1200
SPREAD = 20.0  # seconds in which the followers arrive
ASKED_A_SECOND = 20
_QUESTION = "How do I add a document to the library, and who may read it?"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--followers", type=int, default=2000)
    parser.add_argument("--answers", type=int, default=100)
    parser.add_argument("--away", type=float, default=20.0, help="seconds that Redis is away")
    parser.add_argument("--parts", default="well,away", help="which of the two, with a comma")
    parser.add_argument("--quick", action="store_true", help="few followers, for a first look")
    chosen = parser.parse_args()
    if chosen.quick:
        chosen.followers, chosen.answers, chosen.away = 200, 20, min(5.0, chosen.away)
    found: dict[str, Any] = {}
    with two_sides(model_name(TOKENS, RATE)) as (sides, redis):
        disturbances = {"well": lambda: None, "away": lambda: restart(redis, chosen.away)}
        for part in chosen.parts.split(","):
            print(f"{part}: {chosen.followers} followers of {chosen.answers} answers …", flush=True)
            found[part] = measure(
                sides, redis, chosen.followers, chosen.answers, disturbances[part]
            )
    record.keep("sharing", found)
    print(table(found))


def restart(redis: RedisProcess, seconds: float) -> None:
    """Let Redis be away for so long; it comes back empty."""
    redis.kill()
    time.sleep(seconds)  # the length of the outage is what is measured
    redis.start()


def measure(
    sides: list[Side],
    redis: RedisProcess,
    followers: int,
    answers: int,
    disturb: Callable[[], None],
) -> dict[str, Any]:
    """Half of the answers on each side, half of the followers on each other side."""
    asked = [ask(side.port, answers // 2) for side in sides]
    for side, others in zip(sides, reversed(asked), strict=True):
        side.answers = others
    crowd = Crowd(streams=followers // 2, tokens=TOKENS, rate=RATE, spread=SPREAD, tail=RATE)
    pids, most, is_over = [pid for side in sides for pid in side.pids], [0], threading.Event()
    watching = threading.Thread(target=watch_readers, args=(redis, most, is_over))
    with ExitStack() as stack:
        loads = [stack.enter_context(Load(side, crowd)) for side in sides]
        watching.start()
        opened = [wait_for(load, "open") for load in loads]
        cpu, began = cpu_seconds(pids), time.monotonic()
        disturb()
        news = [wait_for(load, "open", "streams") for load in loads]  # the first that ends, or all
        cpu, seconds = cpu_seconds(pids) - cpu, time.monotonic() - began
        ends = [
            one if "streams" in one else wait_for(load, "streams")
            for load, one in zip(loads, news, strict=True)
        ]
    is_over.set()
    watching.join()
    return {
        "open": sum(one["open"] for one in opened),
        "failed": sum(one["failed"] for one in ends),
        "errors": [error for one in ends for error in one["errors"]],
        "gap_ms": worst("gap_ms", ends),
        "gap_all_open_ms": worst("gap_all_open_ms", ends),
        "readers": most[0],
        "cores": round(cpu / seconds, 2),
        "logged": [side.site.output for side in sides],
    }


def worst(name: str, ends: list[dict[str, Any]]) -> dict[str, float]:
    """The slower side's figures."""
    return {which: max(one[name][which] for one in ends) for which in ends[0][name]}


def ask(port: int, count: int) -> list[str]:
    """Begin so many answers, and leave them to themselves; their messages."""
    askers = Askers()
    for conversation in start_conversations(port, count):
        askers.add(follow(port, send_request(conversation, _QUESTION, provider="openai")))
        askers.read(1 / ASKED_A_SECOND)
    while not all(asker.message_id or asker.done for asker in askers.followers):
        askers.read(0.05)
    if askers.errors and any(asker.done for asker in askers.followers):
        raise RuntimeError(f"an answer did not begin: {askers.errors[:3]}")
    for asker in askers.followers:
        asker.connection.close()
    return [asker.message_id for asker in askers.followers]


def wait_for(load: Load, *names: str) -> dict[str, Any]:
    """The next thing that a load tells and that has one of these fields."""
    while (news := load.news(1.0)) is None or not set(names) & news.keys():
        pass
    return news


def watch_readers(redis: RedisProcess, most: list[int], is_over: threading.Event) -> None:
    """Note the most connections that read streams at once, but for while Redis is away."""
    while not is_over.wait(0.1):
        try:
            most[0] = max(most[0], len(redis.clients("xread")))
        except RedisError:
            continue


def spread(figures: dict[str, float]) -> str:
    return " / ".join(f"{figures[name]:.0f}" for name in ("p50", "p99", "max"))


def table(found: dict[str, Any]) -> str:
    """The results as people read them."""
    lines = [f"{'':44}" + "".join(f"{name:>22}" for name in found)]
    rows: tuple[tuple[str, Callable[[dict[str, Any]], object]], ...] = (
        ("followers at once", lambda one: one["open"]),
        ("followers that failed", lambda one: one["failed"]),
        ("gap between texts, ms (p50 / p99 / max)", lambda one: spread(one["gap_ms"])),
        ("the same while all are open", lambda one: spread(one["gap_all_open_ms"])),
        ("connections that read from Redis, at most", lambda one: one["readers"]),
        ("cores that both processes used", lambda one: one["cores"]),
    )
    lines += [
        f"{label:44}" + "".join(f"{read(one)!s:>22}" for one in found.values())
        for label, read in rows
    ]
    return "\n".join(lines)


if __name__ == "__main__":
    main()
