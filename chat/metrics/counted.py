"""All figures of the site, each with its meaning and its closed sets of labels.

A provider is told by its vendor, not by the name that an admin gave it. Imports family, slots and
the vendors.
"""

from chat.metrics.family import Counter, Gauge, Histogram
from chat.metrics.slots import Slots
from chat.vendors import VENDORS

BUILT_IN = "library"
PROVIDERS = (BUILT_IN, *VENDORS)
STATUSES = ("complete", "stopped", "failed", "interrupted")
CODES = (
    "internal", "invalid", "not_found", "conflict", "too_large", "rate_limited", "unavailable",
    "interrupted", "provider_unreachable", "provider_refused", "provider_key", "provider_limit",
    "provider_down", "provider_broken", "connect_timeout", "first_byte_timeout", "silence_timeout",
    "run_timeout", "personal_data", "other",
)  # fmt: skip
_BY_PROVIDER = {"provider": PROVIDERS}
_BY_CODE = {"provider": PROVIDERS, "code": CODES}
_FIRST = (0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60)
_WHOLE = (0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 120, 300, 600)
_RATES = (1, 2.5, 5, 10, 20, 30, 50, 75, 100, 200, 500)
_GAPS = (0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60)
_BRIEF = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 5)
_REQUEST = (0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 10)
_UPLOAD = (0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 180, 600)

slots = Slots()

runs_begun = Counter(slots, "runs_begun", "Answers begun.", _BY_PROVIDER)
runs_ended = Counter(
    slots, "runs_ended", "Answers ended, by how.", _BY_PROVIDER | {"status": STATUSES}
)
run_errors = Counter(slots, "run_errors", "Answers that an error ended.", _BY_CODE)
provider_errors = Counter(
    slots, "provider_errors", "Tries of a provider that failed, also where another wrote.", _BY_CODE
)
retries = Counter(slots, "retries", "Tries of the same provider once more.", _BY_PROVIDER)
fallbacks = Counter(
    slots, "fallbacks", "Times that another provider wrote instead of this one.", _BY_PROVIDER
)
resumes = Counter(slots, "resumes", "Streams that a reader took up again where it had been.")
takeovers = Counter(slots, "takeovers", "Answers taken over from a process that was gone.")
chunks = Counter(slots, "chunks", "Pieces of text written, of ended and of taken over answers.")
tokens = Counter(
    slots, "tokens", "Tokens written, by the provider's count or four letters each.", _BY_PROVIDER
)
cache_lookups = Counter(
    slots,
    "cache_lookups",
    "Questions looked for among cached answers.",
    {"result": ("hit", "miss")},
)
requests = Counter(
    slots,
    "http_requests",
    "Requests answered, by the class of their status.",
    {"status": ("1xx", "2xx", "3xx", "4xx", "5xx")},
)
uploads = Counter(
    slots, "uploads", "Uploads read, by what came of it.", {"result": ("done", "failed")}
)
flush_failures = Counter(
    slots, "log_flush_failures", "Times that the durable log could not be written."
)
pool_timeouts = Counter(
    slots, "database_pool_timeouts", "Requests that got no connection to the database in time."
)
starts = Counter(slots, "process_starts", "Processes that began to serve.")
cpu = Counter(slots, "cpu_seconds", "Processor time used.")

first_chunk = Histogram(
    slots, "first_chunk_seconds", "From the start of an answer to its first text.", _FIRST,
    _BY_PROVIDER,
)  # fmt: skip
run_seconds = Histogram(
    slots, "run_seconds", "From the start of an answer to its end.", _WHOLE, _BY_PROVIDER
)
rates = Histogram(
    slots, "run_tokens_per_second", "Tokens a second of an answer while it was written.", _RATES,
    _BY_PROVIDER,
)  # fmt: skip
gaps = Histogram(
    slots, "run_longest_gap_seconds", "Of each answer the longest time between two pieces.", _GAPS
)
flushes = Histogram(
    slots, "log_flush_seconds", "Writing what is new of all answers to the durable log.", _BRIEF
)
lag = Histogram(
    slots, "event_loop_lag_seconds", "How late a timer of the process came, once a second.", _BRIEF
)
request_seconds = Histogram(
    slots, "http_request_seconds", "Until a response began, streams included.", _REQUEST
)
upload_seconds = Histogram(slots, "upload_seconds", "Reading one upload.", _UPLOAD)

processes = Gauge(slots, "processes", "Processes that serve, of this data directory.")
runs = Gauge(slots, "runs", "Answers being written, by state.", {"state": ("preparing", "writing")})
followers = Gauge(slots, "followers", "Open streams: answers, and the news of open pages.")
queue = Gauge(slots, "queue_length", "Questions that wait for a slot.")
connections = Gauge(
    slots, "database_connections", "Connections of the pools.", {"state": ("in_use", "idle")}
)
connections_most = Gauge(
    slots, "database_connections_limit", "Connections that the pools may open."
)
resident = Gauge(slots, "resident_memory_bytes", "Resident memory.")
redis_away = Gauge(slots, "redis_away_processes", "Processes that cannot reach the Redis.")

FAMILIES = tuple(
    one for one in list(globals().values()) if isinstance(one, Counter | Gauge | Histogram)
)

_vendors = {BUILT_IN: BUILT_IN}


def know(name: str, vendor: str) -> None:
    """The provider that an admin calls `name` is one of `vendor`."""
    _vendors[name] = vendor


def vendor_of(name: str) -> str:
    """What figures call a provider."""
    return _vendors.get(name, "other")
