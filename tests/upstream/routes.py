"""Which request gets which answer: the vendors' routes, their checks, and the control routes."""

import asyncio
import json
import re
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from tests.upstream import failing, lying
from tests.upstream.chat_completions import ChatCompletions, encode
from tests.upstream.embeddings import Embeddings, check_embedding_body
from tests.upstream.exchanges import Exchange, Request
from tests.upstream.ledger import Ledger, Record
from tests.upstream.messages import Messages
from tests.upstream.models import AnthropicModels, OpenAIModels
from tests.upstream.writing import KINDS, Format, answer

if TYPE_CHECKING:
    from tests.upstream.connections import Server

BASE = r"/(?:v1|api/v1|openai/v1|v1beta/openai|openai/deployments/[^/]+)"
assert failing, lying  # imported for the kinds that they register


async def answer_provider(exchange: Exchange, ledger: Ledger, record: Record) -> None:
    """A vendor's answer, or what the behaviour makes of it."""
    request = exchange.request
    body = record.body if isinstance(record.body, dict) else {}
    model = str(body.get("model", ""))
    told = ledger.choose(request, model)
    record.behaviour = told.kind
    form = find_format(request, body, told.kind)
    if problem := check(exchange, form, body):
        await failing.fail(exchange, form or ChatCompletions({}, ""), *problem)
        return
    assert form is not None
    exchange.cut = told.cut
    await asyncio.sleep(told.wait / 1000)
    await KINDS.get(told.kind, answer)(exchange, form, told)


def find_format(request: Request, body: Mapping[str, Any], kind: str) -> Format | None:
    """The format of a route; of `/v1/models`, the one whose vendor's header came."""
    if request.method == "GET" and re.fullmatch(BASE + "/models", request.path):
        anthropic = "anthropic-version" in request.headers
        model_list = AnthropicModels if anthropic else OpenAIModels
        return model_list({"messages": []}, kind)
    if request.method == "POST" and re.fullmatch(BASE + "/chat/completions", request.path):
        return ChatCompletions(body, kind)
    if request.method == "POST" and re.fullmatch(BASE + "/embeddings", request.path):
        return Embeddings(body, kind)
    if request.method == "POST" and request.path == "/v1/messages":
        return Messages(body, kind)
    return None


def check(
    exchange: Exchange, form: Format | None, body: Mapping[str, Any]
) -> tuple[int, str] | None:
    """What the vendors themselves would refuse: a status and a message, or None."""
    request = exchange.request
    if form is None:
        return 404, f"Invalid URL ({request.method} {request.path})"
    if "wrong" in failing.key_of(exchange):
        return 401, failing.MESSAGES[401].format(key=failing.key_of(exchange))
    if not isinstance(form, Messages):
        is_embedding = isinstance(form, Embeddings)
        check_body = check_embedding_body if is_embedding else check_chat_body
        problem = "" if request.method == "GET" else check_body(body)
        return (400, problem) if problem else None
    if not failing.key_of(exchange):
        return 401, "x-api-key header is required"
    version = request.headers.get("anthropic-version", "")
    problem = check_version(version, body)
    if not problem and request.method == "POST":
        problem = check_message_body(body)
    return (400, problem) if problem else None


def check_version(version: str, body: Mapping[str, Any]) -> str:
    """Both versions of Anthropic's API; the key may come either way with either of them."""
    if not version:
        return "anthropic-version: header is required"
    if version not in {"2023-06-01", "2026-10-21"}:
        return f'anthropic-version: "{version}" is not a valid version'
    for field in ("temperature", "top_p", "top_k"):
        if version == "2026-10-21" and field in body:
            return f"{field}: Extra inputs are not permitted"
    return ""


def check_chat_body(body: Mapping[str, Any]) -> str:
    if not body.get("model"):
        return "you must provide a model parameter"
    if not body.get("messages"):
        return "Invalid 'messages': empty array. Expected an array with minimum length 1."
    roles = {message.get("role") for message in body["messages"]}
    if not roles <= {"system", "developer", "user", "assistant", "tool"}:
        return f"Invalid value among the roles {sorted(map(str, roles))}."
    if body.get("top_logprobs") is not None and not body.get("logprobs"):
        return "'logprobs' must be set to true when 'top_logprobs' is set."
    if body.get("stream_options") is not None and not body.get("stream"):
        return "The 'stream_options' parameter is only allowed when 'stream' is enabled."
    return ""


def check_message_body(body: Mapping[str, Any]) -> str:
    for field in ("model", "max_tokens", "messages"):
        if not body.get(field):
            return f"{field}: Field required"
    if not {message.get("role") for message in body["messages"]} <= {"user", "assistant"}:
        return 'messages: Unexpected role. Allowed roles are "user" or "assistant".'
    if any(not message.get("content") for message in body["messages"]):
        return "messages: text content blocks must be non-empty"
    thinking = body.get("thinking") or {}
    if thinking.get("type") != "enabled":
        return ""
    if thinking.get("budget_tokens", 0) < 1024:
        return "thinking.enabled.budget_tokens: Input should be greater than or equal to 1024"
    if body["max_tokens"] <= thinking["budget_tokens"]:
        return "`max_tokens` must be greater than `thinking.budget_tokens`"
    if body.get("temperature", 1) != 1:
        return "`temperature` may only be set to 1 when thinking is enabled"
    return ""


async def answer_control(exchange: Exchange, server: "Server") -> None:
    """`script`, `reset` and `seen`, for the test that owns this server."""
    request = exchange.request
    if request.path == "/control/reset":
        await server.reset()
    elif request.path == "/control/script":
        server.ledger.plan(json.loads(request.body))
    records = [record.as_json() for record in server.ledger.records]
    seen = encode({"requests": records, "open": server.open})
    await exchange.whole(200, seen, {"Content-Type": "application/json"})
