"""The behaviours that fail honestly: a status, a connection that breaks, silence."""

import asyncio
from dataclasses import replace

from tests.upstream.behaviours import Behaviour
from tests.upstream.exchanges import Exchange
from tests.upstream.writing import Format, answer, begin_text, behaves, streamed

MESSAGES = {
    401: "Incorrect API key provided: {key}. You can find your key on your account page.",
    403: "Your key may not use this model.",
    404: "The model `{model}` does not exist or you do not have access to it.",
    429: "Rate limit reached for requests. Please try again later.",
    500: "The server had an error while processing your request.",
    503: "The server is overloaded or not ready yet.",
    529: "Overloaded",
}
REFUSALS = {
    "stream": "Your organization must be verified to stream this model.",
    "prefill": "This model does not support assistant message prefill. "
    "The conversation must end with a user message.",
    "max_tokens": "Unsupported parameter: 'max_tokens' is not supported with this model. "
    "Use 'max_completion_tokens' instead.",
}


async def fail(
    exchange: Exchange, form: Format, status: int, message: str, field: str = "", **headers: str
) -> None:
    """An error in the vendor's format."""
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    body = form.error(status, message, field)
    usual = {"Content-Type": "application/json", "X-Request-Id": "req_loopback"}
    await exchange.whole(status, body, usual | named)


@behaves("status")
async def status(exchange: Exchange, form: Format, told: Behaviour) -> None:
    """A status by its number; the key is in the message, as it was in a vendor's."""
    number = int(told.detail)
    body = exchange.request.json()
    model = body.get("model", "") if isinstance(body, dict) else ""
    message = MESSAGES.get(number, "It did not work: status {status}.")
    message = message.format(key=key_of(exchange), model=model, status=number)
    headers = dict([told.retry_after]) if told.retry_after else {}
    if 300 <= number < 400:
        headers["Location"] = "/elsewhere"
    await fail(exchange, form, number, message, **headers)


@behaves("fails")
async def fails(exchange: Exchange, form: Format, told: Behaviour) -> None:
    """503; the ledger turns it into `write` once it has failed often enough."""
    await status(exchange, form, replace(told, detail="503"))


@behaves("refuses")
async def refuses(exchange: Exchange, form: Format, told: Behaviour) -> None:
    """400 naming a field that the request has, or its prefill; else the answer."""
    body = exchange.request.json()
    value = body.get(told.detail)
    if told.detail == "prefill":
        value = body["messages"][-1]["role"] == "assistant"
    if value is None or value is False:
        await answer(exchange, form, replace(told, kind="write"))
        return
    usual = f"Unsupported parameter: '{told.detail}' is not supported with this model."
    await fail(exchange, form, 400, REFUSALS.get(told.detail, usual), told.detail)


@behaves("reset-before")
async def reset_before(exchange: Exchange, form: Format, told: Behaviour) -> None:
    exchange.reset()


@behaves("reset-after-text")
async def reset_after_text(exchange: Exchange, form: Format, told: Behaviour) -> None:
    await begin_text(exchange, form, told, 5)
    exchange.reset()


@behaves("close-before")
async def close_before(exchange: Exchange, form: Format, told: Behaviour) -> None:
    """What a pooled connection meets when the server had enough of it."""
    exchange.keep = False


@behaves("silence")
async def silence(exchange: Exchange, form: Format, told: Behaviour) -> None:
    await asyncio.Future()


@behaves("silence-after-head")
async def silence_after_head(exchange: Exchange, form: Format, told: Behaviour) -> None:
    await exchange.begin()
    await asyncio.Future()


@behaves("silence-after-text")
async def silence_after_text(exchange: Exchange, form: Format, told: Behaviour) -> None:
    await begin_text(exchange, form, told, 5)
    await asyncio.Future()


@behaves("error-in-stream")
async def error_in_stream(exchange: Exchange, form: Format, told: Behaviour) -> None:
    """A 200 that ends in an error event: what an overloaded vendor does."""
    if not streamed(exchange):
        await fail(exchange, form, 500, MESSAGES[500])
        return
    await begin_text(exchange, form, told, 3)
    await exchange.send(form.stream_error())
    await exchange.end()


def key_of(exchange: Exchange) -> str:
    """The key that came with a request, wherever its vendor puts it; empty without one."""
    headers = exchange.request.headers
    bearer = headers.get("authorization", "").removeprefix("Bearer ")
    return headers.get("x-api-key") or headers.get("api-key") or bearer
