"""The figures of a relay, from what its crowds measured."""

import statistics
from collections.abc import Mapping
from typing import Any

from bench.measuring import Crowd

ALONE = 1  # token: what such a stream costs is its send, and its end


def summarize(
    measured: Mapping[str, Mapping[str, list[dict[str, Any]]]], crowds: Mapping[str, Crowd]
) -> dict[str, Any]:
    """For each relay `few` and `rates`, the medians of the rounds; times in milliseconds."""
    direct = [one for rounds in measured["upstream"].values() for one in rounds]
    own = median(direct, "first_chunk_ms", "p50")
    rates = sorted({crowd.rate for name, crowd in crowds.items() if name != "few"})
    relays: dict[str, Any] = {}
    for relay, found in measured.items():
        if relay == "upstream":
            continue
        relays[relay] = {
            "few": served(found["few"], own),
            "rates": {
                str(rate): at_rate(
                    {
                        crowd.tokens: found[name]
                        for name, crowd in crowds.items()
                        if crowd.rate == rate and name != "few"
                    },
                    own,
                )
                for rate in rates
            },
        }
    return {"upstream_first_chunk_ms": own, "tools": tools(direct), "relays": relays}


def tools(direct: list[dict[str, Any]]) -> dict[str, float]:
    """What the bench itself took and added: its densest crowd, without a relay between."""
    most = max(one["tokens"] for one in direct)
    densest = [one for one in direct if one["tokens"] == most]
    tokens = most * len(densest)
    return {
        "upstream_cpu_for_1000": round(1000 * sum(o["cpu_seconds"] for o in densest) / tokens, 4),
        "load_cpu_for_1000": round(1000 * sum(o["load_cpu_seconds"] for o in densest) / tokens, 4),
        "delay_p50": median(densest, "delay_ms", "p50"),
        "delay_p99": median(densest, "delay_ms", "p99"),
        "gap_p99": median(densest, "gap_ms", "p99"),
    }


def at_rate(by_tokens: Mapping[int, list[dict[str, Any]]], own: float) -> dict[str, Any]:
    """How the longest answers were served, what they cost beyond the sends, and what these cost."""
    streamed = [tokens for tokens in by_tokens if tokens > ALONE]
    short, long = min(streamed), max(streamed)
    figures = served(by_tokens[long], own)
    figures["failed"] = sum(one["failed"] for all_ in by_tokens.values() for one in all_)
    if alone := [one["cpu_seconds"] / one["streams"] for one in by_tokens.get(ALONE, ())]:
        figures["cpu_ms_a_send"] = round(1000 * statistics.median(alone), 2)
    if short == long:
        return figures
    pairs = list(zip(by_tokens[short], by_tokens[long], strict=True))
    slopes = [
        (two["cpu_seconds"] - one["cpu_seconds"]) / max(1, two["tokens"] - one["tokens"])
        for one, two in pairs
    ]
    sends = [
        (one["cpu_seconds"] - slope * one["tokens"]) / one["streams"]
        for slope, (one, _) in zip(slopes, pairs, strict=True)
    ]
    figures["slopes"] = [round(1000 * slope, 4) for slope in slopes]
    figures["slope_cpu_for_1000"] = round(1000 * statistics.median(slopes), 4)
    figures["cpu_ms_left_over"] = round(1000 * statistics.median(sends), 2)
    return figures


def served(found: list[dict[str, Any]], own: float) -> dict[str, Any]:
    """How one crowd was served, the median of its rounds; memory is that of the first."""
    opened = [one for one in found if one["all_open_cpu_for_1000"] is not None]
    together = statistics.median(one["tokens"] / max(1, one["reads"]) for one in found)
    return {
        "streams": found[0]["streams"],
        "failed": sum(one["failed"] for one in found),
        "errors": sorted({error for one in found for error in one["errors"]}),
        "first_chunk_beyond_p50": round(median(found, "first_chunk_ms", "p50") - own, 2),
        "first_chunk_beyond_p99": round(median(found, "first_chunk_ms", "p99") - own, 2),
        "delay_p50": median(found, "delay_ms", "p50"),
        "delay_p99": median(found, "delay_ms", "p99"),
        "gap_p50": median(found, "gap_ms", "p50"),
        "gap_p99": median(found, "gap_ms", "p99"),
        "cpu_for_1000": statistics.median(one["cpu_for_1000"] for one in found),
        "all_open_cpu_for_1000": statistics.median(o["all_open_cpu_for_1000"] for o in opened)
        if opened
        else None,
        "tokens_a_read": round(together, 2),
        "resident_kib": found[0]["resident_kib"],
        "proportional_kib": found[0]["proportional_kib"],
        "load_cpu_seconds": statistics.median(one["load_cpu_seconds"] for one in found),
    }


def median(found: list[dict[str, Any]], name: str, part: str) -> float:
    return round(float(statistics.median(one[name][part] for one in found)), 2)
