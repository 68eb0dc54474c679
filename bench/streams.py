"""What answers cost: time to the first byte and chunk, memory and CPU of many streams at once.

Starts the real server on loopback with a library of 1,000 documents, and, for comparison in the
same run, the same server with an application that only sends frames. Stops by itself. Prints a
table and writes bench/results.json. With --answers, several streams follow each of fewer answers.
"""

import argparse
import statistics
import tempfile
from pathlib import Path
from typing import Any

from bench import corpus, record
from bench.bare_server import BareServer
from bench.crowds import Measured, Request, measure_crowd
from bench.followers import Crowd, follow
from bench.processes import family, proportional_kib, resident_kib
from bench.requests import (
    follow_request,
    get_request,
    send_request,
    start_conversations,
    stop_answer,
)
from tests.live import LiveSite
from tests.people import build_database

SLOW = {"PARLEY_CHUNK_WORDS": "1", "PARLEY_CHUNK_DELAY_MS": "900"}
ROUNDS = 20
WARM = 100  # answers before the streams are measured
COMPARED = (
    ("streams open at once", "most_open"),
    ("KiB a stream above idle", "kib_a_stream"),
    ("CPU of a start, ms", "cpu_ms_a_start"),
    ("CPU seconds for 1,000 chunks, all open", "cpu_seconds_for_1000_chunks"),
    ("/healthz while they arrive, ms", "healthz_arriving_ms"),
    ("/healthz while all are open, ms", "healthz_all_open_ms"),
)


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--streams", type=int, default=500)
    options.add_argument("--answers", type=int)
    options.add_argument("--documents", type=int, default=1000)
    options.add_argument("--quick", action="store_true", help="small, for a first look")
    chosen = options.parse_args()
    if chosen.quick:
        chosen.streams, chosen.documents = min(50, chosen.streams), min(100, chosen.documents)
    answers = min(chosen.answers or chosen.streams, chosen.streams)
    with tempfile.TemporaryDirectory() as folder:
        template = Path(folder) / "template.db"
        build_database(template)
        print(f"Filling a library with {chosen.documents} documents …", flush=True)
        corpus.fill(template, chosen.documents)
        subjects = corpus.subjects(chosen.documents)
        found = {
            "documents": chosen.documents,
            "streams": chosen.streams,
            "answers": answers,
            **measure_latency(Path(folder) / "fast", template, subjects),
            **measure_streams(Path(folder) / "slow", template, subjects, chosen.streams, answers),
        }
    record.keep("streams", found)
    print(table(found))


def measure_latency(folder: Path, template: Path, subjects: list[str]) -> dict[str, Any]:
    """Milliseconds to the first byte and the first chunk of an answer, one after another."""
    print("Asking one question after another …", flush=True)
    with LiveSite(folder, template) as site:
        bytes_, chunks = [], []
        for number, conversation in enumerate(start_conversations(site.port, ROUNDS + 2)):
            crowd = Crowd()
            question = corpus.question(subjects[number * 7 % len(subjects)])
            crowd.add(follow(site.port, send_request(conversation, question)))
            crowd.read(30)
            (one,) = crowd.followers
            if crowd.errors or one.first_byte is None or one.first_chunk is None:
                raise RuntimeError(f"an answer failed: {crowd.errors}")
            bytes_.append(one.first_byte * 1000)
            chunks.append(one.first_chunk * 1000)
    return {
        "first_byte_ms": summary(bytes_[2:]),  # the first two fill the caches of a fresh start
        "first_chunk_ms": summary(chunks[2:]),
    }


def measure_streams(
    folder: Path, template: Path, subjects: list[str], count: int, answers: int
) -> dict[str, Any]:
    """Memory, CPU, errors and the delay of /healthz while so many answers run and are followed."""
    with LiveSite(folder, template, **SLOW) as site:
        pids = family(site.pid)
        idle = {"resident": resident_kib(pids), "proportional": proportional_kib(pids)}
        fill_caches(site.port, subjects)
        conversations = start_conversations(site.port, answers)
        print(f"Following {answers} running answers with {count} streams …", flush=True)
        requests: list[Request] = [
            send_request(conversation, corpus.question(subjects[n % len(subjects)]))
            for n, conversation in enumerate(conversations)
        ]
        requests += [follow_request(number % answers) for number in range(answers, count)]
        parley = measure_crowd(site.port, pids, requests)
    print(f"Following {count} bare streams …", flush=True)
    length = round(parley.chunks / count)
    with BareServer(folder) as server:
        path = f"/?chunks={length}&delay_ms={SLOW['PARLEY_CHUNK_DELAY_MS']}"
        bare = measure_crowd(server.port, family(server.pid), [get_request(path)] * count)
    return {"idle_kib": idle, "parley": as_json(parley), "bare": as_json(bare)}


def fill_caches(port: int, subjects: list[str]) -> None:
    """Begin and stop some answers: what a fresh start takes once, for all, is no stream's."""
    crowd = Crowd()
    for number, conversation in enumerate(start_conversations(port, WARM)):
        question = corpus.question(subjects[-1 - number % len(subjects)])
        crowd.add(follow(port, send_request(conversation, question)))
        crowd.read(0.05)
    for number in range(WARM):
        stop_answer(port, crowd, number)
    crowd.read(30)


def as_json(measured: Measured) -> dict[str, Any]:
    return {
        "chunks": measured.chunks,
        "errors": measured.errors,
        "most_open": measured.most_open,
        "kib_a_stream": round(measured.kib_a_stream, 1),
        "cpu_ms_a_start": round(measured.cpu_ms_a_start, 1),
        "cpu_seconds_for_1000_chunks": round(measured.cpu_seconds_for_1000_chunks, 3),
        "first_chunk_ms": summary(measured.first_chunks),
        "healthz_arriving_ms": summary(measured.healthz_arriving),
        "healthz_all_open_ms": summary(measured.healthz_all_open),
    }


def summary(values: list[float]) -> dict[str, float]:
    """Median, 95th percentile and maximum."""
    ordered = sorted(values) or [float("nan")]
    p95 = ordered[min(len(ordered) - 1, round(0.95 * len(ordered)))]
    figures = {"p50": statistics.median(ordered), "p95": p95, "max": ordered[-1]}
    return {name: round(value, 1) for name, value in figures.items()}


def spread(figures: dict[str, float]) -> str:
    return " / ".join(str(figures[name]) for name in ("p50", "p95", "max"))


def table(found: dict[str, Any]) -> str:
    """The results as people read them."""
    parley, bare, idle = found["parley"], found["bare"], found["idle_kib"]
    rows = [
        ("first byte of an answer, ms (p50 / p95 / max)", spread(found["first_byte_ms"]), ""),
        ("first chunk of an answer, ms", spread(found["first_chunk_ms"]), ""),
        ("idle, MB resident, master and worker", f"{idle['resident'] / 1024:.0f}", ""),
        ("idle, MB proportional", f"{idle['proportional'] / 1024:.0f}", ""),
        ("streams that failed", len(parley["errors"]), len(bare["errors"])),
    ]
    rows += [(label, show(parley[name]), show(bare[name])) for label, name in COMPARED]
    head = f"{'':46} {'Parley':>24} {'bare gevent':>20}"
    return "\n".join([head, *(f"{label:46} {one!s:>24} {two!s:>20}" for label, one, two in rows)])


def show(figure: Any) -> str:
    return spread(figure) if isinstance(figure, dict) else str(figure)


if __name__ == "__main__":
    main()
