"""What a token costs on its way through Parley, beside the least that can be done.

    python -m bench.relay [--streams 500] [--tokens 100,600] [--rates 20,100] [--rounds 1] [--quick]

Starts a loopback upstream, Parley, a bare gevent relay and a bare Node relay, and lets crowds of
streams go through one after another; docs/benchmarks.md tells what is measured, and how. Prints a
table, and writes bench/results.json and bench/results.svg. Stops by itself.
"""

import argparse
import os
import tempfile
from collections.abc import Iterable, Iterator, Sequence
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path
from typing import Any

from bench import record, stops
from bench.measuring import Crowd, Load, measure, memory, wait_until_quiet
from bench.plot import plot
from bench.relay_figures import ALONE, summarize
from bench.relay_table import table
from bench.relays import Parley, Relay, Upstream, build_template, gevent_relay, node_relay
from bench.tokens import model_name

WARM = Crowd(streams=20, tokens=20, rate=20, spread=1)
FEW = Crowd(streams=50, tokens=100, rate=20, spread=2.5)
MANY = Crowd(streams=1500, tokens=stops.STREAM[0], rate=stops.STREAM[1], spread=40)
BESIDE = Crowd(streams=300, tokens=stops.STREAM[0], rate=stops.STREAM[1], spread=6)
STOPS = 50
Measured = dict[str, dict[str, list[dict[str, Any]]]]  # relay, crowd, one for each round


def main() -> None:
    chosen = options()
    crowds = dict(chosen_crowds(chosen))
    models = {model_name(crowd.tokens, crowd.rate) for crowd in [WARM, MANY, *crowds.values()]}
    with tempfile.TemporaryDirectory() as name, Upstream() as upstream:
        folder = Path(name)
        build_template(folder / "template.db")
        parley, fresh = (
            Parley(folder / site, folder / "template.db", upstream.port, sorted(models))
            for site in ("site", "fresh")
        )
        bare = [gevent_relay(upstream.port), node_relay(upstream.port)]
        relays = [one for one in (parley, *bare) if one and one.name not in chosen.without]
        with ExitStack() as stack:
            for relay in relays:
                stack.enter_context(relay)
            measured = measure_crowds([upstream, *relays], crowds, upstream, chosen.rounds)
            found = {"streams": chosen.streams, **summarize(measured, crowds)}
            if parley in relays and chosen.stops:
                found |= measure_stops(parley, upstream, chosen.stops)
        if parley in relays and chosen.many:
            with fresh:
                found["many"] = measure_many(fresh, chosen.many)
    record.keep("relay", found)
    record.RESULTS.with_suffix(".svg").write_text(plot(found))
    print(table(found))


def options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--streams", type=int, default=500)
    parser.add_argument("--tokens", type=numbers, default=[100, 600], help="lengths of answers")
    parser.add_argument("--rates", type=numbers, default=[20, 100], help="tokens a second")
    parser.add_argument("--rounds", type=int, default=1)
    parser.add_argument("--many", type=int, default=MANY.streams, help="0 leaves it out")
    parser.add_argument("--stops", type=int, default=STOPS, help="0 leaves them out")
    parser.add_argument("--without", type=lambda text: text.split(","), default=[])
    parser.add_argument("--quick", action="store_true", help="small crowds, for a first look")
    chosen = parser.parse_args()
    if max(chosen.tokens) <= ALONE:
        parser.error("--tokens: one length at least has to be above one token")
    if chosen.quick:
        chosen.streams, chosen.tokens, chosen.rounds = min(100, chosen.streams), [40, 140], 1
        chosen.many, chosen.stops = min(150, chosen.many), min(10, chosen.stops)
    return chosen


def numbers(text: str) -> list[int]:
    return [int(part) for part in text.split(",")]


def chosen_crowds(chosen: argparse.Namespace) -> Iterator[tuple[str, Crowd]]:
    """The few first, then of each rate the longest answers first: memory grows with them; and the
    sends of that rate by themselves, with answers of one token."""
    yield "few", FEW
    for rate in chosen.rates:
        longest = max(chosen.tokens) / rate
        spread = max(longest / 2, 6 * chosen.streams / 500)  # 15 s for 600 tokens at 20 a second
        for tokens in sorted({*chosen.tokens, ALONE}, reverse=True):
            name = model_name(tokens, rate)
            yield name, Crowd(streams=chosen.streams, tokens=tokens, rate=rate, spread=spread)


def measure_crowds(
    relays: Sequence[Relay], crowds: dict[str, Crowd], upstream: Upstream, rounds: int
) -> Measured:
    """Every crowd through every relay; side by side in time, the relays of a crowd alternating."""
    found: Measured = {relay.name: {name: [] for name in crowds} for relay in relays}
    idle = {}
    for relay in relays:
        measure(relay, WARM, memory(relay.pids))  # what a fresh start takes once is no stream's
        idle[relay.name] = memory(relay.pids)
    for turn in range(rounds):
        for name, crowd in crowds.items():
            for relay in relays if turn % 2 == 0 else reversed(relays):
                if relay is upstream and not is_direct(crowd, crowds.values()):
                    continue
                say(f"round {turn + 1}: {crowd.streams} streams, {name}, {relay.name}")
                found[relay.name][name].append(measure(relay, crowd, idle[relay.name]))
    return found


def is_direct(crowd: Crowd, crowds: Iterable[Crowd]) -> bool:
    """Whether the upstream is asked itself: few streams, and the densest crowd's short answers."""
    streams = (one for one in crowds if one.tokens > ALONE)
    densest = max(streams, key=lambda one: (one.streams, one.rate, -one.tokens))
    return crowd in (FEW, densest)


def measure_stops(parley: Parley, upstream: Upstream, count: int) -> dict[str, Any]:
    """Stops while nothing else happens, and beside a crowd."""
    say(f"{count} stops at idle")
    wait_until_quiet(parley.pids)
    idle = stops.measure_stops(parley, upstream, count)
    say(f"{count} stops beside {BESIDE.streams} streams")
    with Load(parley, BESIDE) as load:
        while load.news(1.0) is None:
            pass  # until all are open
        return {"stops_idle": idle, "stops_beside": stops.measure_stops(parley, upstream, count)}


def measure_many(parley: Parley, count: int) -> dict[str, Any]:
    """What only Parley has to do: hold so many streams on one process, which has just begun."""
    measure(parley, WARM, memory(parley.pids))
    say(f"{count} streams, parley")
    spread = MANY.spread * count / MANY.streams
    crowd = replace(MANY, streams=count, spread=spread)
    return measure(parley, crowd, memory(parley.pids))


def say(what: str) -> None:
    print(f"{what} (load average {os.getloadavg()[0]:.1f}) …", flush=True)


if __name__ == "__main__":
    main()
