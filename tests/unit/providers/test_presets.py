"""Each vendor is sent what its server takes, and nothing else."""

from typing import Any

import pytest

from chat.providers.allowances import allow
from chat.providers.anthropic import Messages
from chat.providers.formats import Wish
from chat.providers.openai_compatible import ChatCompletions
from chat.providers.presets import PRESETS
from chat.providers.prompt import Prompt
from chat.values import Depth, Turn
from chat.vendors import VENDORS

PROMPT = Prompt("Be kind.", (Turn("user", "Hi"),), (), 0, 5)
EVERYWHERE = {"model", "messages", "stream"}


def body(preset: str, model: str, depth: Depth = Depth.BALANCED, *without: str) -> dict[str, Any]:
    wire_format = ChatCompletions(preset)
    allowance = allow(depth, 128_000, thinks=wire_format.thinks(model))
    return dict(wire_format.ask(PROMPT, Wish(model, allowance, without)).body)


def message(model: str, depth: Depth, *without: str, window: int = 200_000) -> dict[str, Any]:
    wire_format = Messages()
    allowance = allow(depth, window, thinks=wire_format.thinks(model))
    return dict(wire_format.ask(PROMPT, Wish(model, allowance, without)).body)


def test_each_vendor_has_its_row() -> None:
    assert set(PRESETS) == set(VENDORS)
    assert all(VENDORS[name].kind == "openai_compatible" for name in PRESETS if name != "anthropic")


@pytest.mark.parametrize(
    ("preset", "model", "fields"),
    [
        ("openai", "gpt-4.1", {"stream_options", "logprobs", "top_logprobs"}),
        ("openai", "gpt-5-mini", {"stream_options", "reasoning_effort"}),
        ("openai", "o4-mini", {"stream_options", "reasoning_effort"}),
        ("azure", "gpt-4o", {"stream_options", "logprobs", "top_logprobs"}),
        ("gemini", "gemini-2.0-flash", {"stream_options"}),
        ("gemini", "models/gemini-3-flash", {"stream_options", "reasoning_effort"}),
        ("perplexity", "sonar", set()),
        ("mistral", "mistral-large-latest", set()),
        ("deepseek", "deepseek-chat", {"stream_options", "logprobs", "top_logprobs"}),
        ("deepseek", "deepseek-reasoner", {"stream_options"}),
        ("groq", "llama-3.3-70b-versatile", {"stream_options"}),
        ("openrouter", "x/y", {"stream_options", "logprobs", "top_logprobs"}),
        ("ollama", "qwen3:8b", {"stream_options", "logprobs", "top_logprobs"}),
        ("llama_cpp", "any", {"stream_options", "logprobs", "top_logprobs"}),
        ("vllm", "any", {"stream_options", "logprobs", "top_logprobs"}),
        ("lm_studio", "any", {"stream_options"}),
        ("other", "any", {"stream_options", "logprobs", "top_logprobs"}),
    ],
)
def test_a_request_holds_only_what_the_vendor_takes(
    preset: str, model: str, fields: set[str]
) -> None:
    sent = body(preset, model)
    limit = PRESETS[preset].limit
    assert set(sent) == EVERYWHERE | {limit} | fields
    assert sent["messages"] == [
        {"role": "system", "content": "Be kind."},
        {"role": "user", "content": "Hi"},
    ]


def test_what_a_model_refuses_is_left_out() -> None:
    assert "logprobs" not in body("other", "m", Depth.QUICK, "logprobs")
    assert "top_logprobs" not in body("other", "m", Depth.QUICK, "logprobs")
    assert "max_completion_tokens" in body("other", "m", Depth.QUICK, "max_tokens")
    assert "max_tokens" in body("openai", "m", Depth.QUICK, "max_completion_tokens")
    plain = body("other", "m", Depth.QUICK, "stream")
    assert not plain.keys() & {"stream", "stream_options"}
    neither = body("other", "m", Depth.QUICK, "max_tokens", "max_completion_tokens")
    assert not neither.keys() & {"max_tokens", "max_completion_tokens"}


def test_a_model_without_a_system_role_hears_it_from_the_user() -> None:
    told = body("other", "gemma", Depth.QUICK, "system")["messages"]
    assert told == [{"role": "user", "content": "Be kind.\n\nHi"}]


def test_depth_sets_the_limit_and_the_effort() -> None:
    limits = [body("other", "m", depth)["max_tokens"] for depth in Depth]
    assert limits == [600, 1_500, 4_000]
    efforts = [body("openai", "gpt-5", depth)["reasoning_effort"] for depth in Depth]
    assert efforts == ["low", "low", "medium"]


def test_a_model_that_thinks_unasked_gets_room_for_it() -> None:
    assert body("openai", "gpt-5", Depth.QUICK)["max_completion_tokens"] == 2_600
    assert body("ollama", "qwen3:8b", Depth.DEEP)["max_tokens"] == 12_000


def test_a_small_window_is_mostly_for_the_prompt() -> None:
    small = allow(Depth.DEEP, 4_096, thinks=True)
    assert (small.answer, small.thinking, small.unasked) == (1_024, 0, 1_024)
    assert small.prompt + small.output() <= 4_096
    assert small.prompt > 1_500


@pytest.mark.parametrize(
    ("preset", "address", "url"),
    [
        ("other", "http://host:8080", "http://host:8080/v1"),
        ("other", "http://host:8080/", "http://host:8080/v1"),
        ("other", "http://host:8080/v1/", "http://host:8080/v1"),
        ("other", "http://host:8080/api", "http://host:8080/api"),
        ("perplexity", "https://api.perplexity.ai", "https://api.perplexity.ai"),
        ("azure", "https://x.openai.azure.com", "https://x.openai.azure.com/openai/v1"),
        ("groq", "https://api.groq.com", "https://api.groq.com/openai/v1"),
    ],
)
def test_an_address_without_a_path_gets_the_usual_one(preset: str, address: str, url: str) -> None:
    wire_format = ChatCompletions(preset)
    assert wire_format.base_url(address) == url
    assert wire_format.path == "/chat/completions"


def test_a_deployment_of_azure_is_asked_with_a_version() -> None:
    wire_format = ChatCompletions("azure")
    address = "https://x.openai.azure.com/openai/deployments/team"
    assert wire_format.base_url(address) == address
    assert wire_format.path == "/chat/completions?api-version=2024-10-21"


@pytest.mark.parametrize("address", ["https://h", "https://h/", "https://h/v1", "https://h/v1/"])
def test_anthropics_address_may_end_with_v1_or_not(address: str) -> None:
    assert Messages().base_url(address) == "https://h/v1"


def test_the_key_is_where_the_vendor_wants_it() -> None:
    assert ChatCompletions("openai").headers("k") == {"Authorization": "Bearer k"}
    assert ChatCompletions("azure").headers("k") == {"api-key": "k"}
    assert ChatCompletions("ollama").headers("") == {}
    assert Messages().headers("k") == {"anthropic-version": "2023-06-01", "x-api-key": "k"}


@pytest.mark.parametrize("model", ["claude-sonnet-4-5-20250929", "claude-3-7-sonnet-20250219"])
def test_older_claudes_think_within_a_budget_when_it_is_deep(model: str) -> None:
    deep = message(model, Depth.DEEP)
    assert deep["thinking"] == {"type": "enabled", "budget_tokens": 4_000}
    assert deep["max_tokens"] == 8_000
    quick = message(model, Depth.QUICK)
    assert (quick["max_tokens"], "thinking" in quick) == (600, False)
    assert "output_config" not in deep


@pytest.mark.parametrize("model", ["claude-opus-4-7", "claude-sonnet-4-6", "claude-fable-5"])
def test_newer_claudes_decide_themselves_how_much_they_think(model: str) -> None:
    deep = message(model, Depth.DEEP)
    assert deep["thinking"] == {"type": "adaptive", "display": "summarized"}
    assert deep["output_config"] == {"effort": "medium"}
    assert deep["max_tokens"] >= 8_000


def test_claudes_that_think_unasked_get_room_for_it() -> None:
    assert message("claude-opus-5", Depth.QUICK)["max_tokens"] == 2_600


@pytest.mark.parametrize("model", ["claude-3-5-haiku-20241022", "claude-3-opus-20240229", "team"])
def test_models_that_are_not_known_to_think_are_not_asked_to(model: str) -> None:
    deep = message(model, Depth.DEEP)
    assert "thinking" not in deep
    assert deep["max_tokens"] == 4_000


def test_the_other_way_to_think_follows_a_refusal() -> None:
    refused = message("claude-sonnet-4-5", Depth.DEEP, "a thinking budget")
    assert refused["thinking"]["type"] == "adaptive"
    neither = message("claude-sonnet-4-5", Depth.DEEP, "a thinking budget", "adaptive thinking")
    assert "thinking" not in neither


def test_there_is_no_thinking_on_request_in_a_small_window() -> None:
    assert "thinking" not in message("claude-sonnet-4-5", Depth.DEEP, window=8_000)


ASKED, BEGUN = Turn("user", "Hi"), Turn("assistant", "Good mor ")
GOING_ON = Prompt("", (ASKED, BEGUN, Turn("user", "Go on.")), (), 0, 5, goes_on=True)
NEITHER: dict[str, Any] = {}
FLAGS = {"continue_final_message": True, "add_generation_prompt": False}


@pytest.mark.parametrize(
    ("preset", "model", "prefills", "flags"),
    [
        ("llama_cpp", "any", True, NEITHER),
        ("vllm", "any", True, FLAGS),
        ("vllm", "qwen3-thinking", False, NEITHER),
        ("openai", "gpt-4.1", False, NEITHER),
        ("other", "any", False, NEITHER),
    ],
)
def test_a_server_that_continues_a_beginning_is_sent_it(
    preset: str, model: str, prefills: bool, flags: dict[str, Any]
) -> None:
    wire_format = ChatCompletions(preset)
    allowance = allow(Depth.BALANCED, 128_000, thinks=False)
    sent = dict(wire_format.ask(GOING_ON, Wish(model, allowance, ())).body)
    last = {"role": "assistant", "content": "Good mor"} if prefills else {"role": "user"}
    assert last.items() <= sent["messages"][-1].items()
    assert {name: sent[name] for name in FLAGS if name in sent} == flags
    refused = dict(wire_format.ask(GOING_ON, Wish(model, allowance, {"prefill"})).body)
    assert refused["messages"][-1] == {"role": "user", "content": "Go on."}
    assert not FLAGS.keys() & refused.keys()


@pytest.mark.parametrize(
    ("model", "prefills"),
    [
        ("claude-3-haiku-20240307", True),
        ("claude-sonnet-4-5", True),
        ("claude-opus-4-6", False),
        ("claude-5-sonnet", False),
        ("somebody-elses", False),
    ],
)
def test_claude_continues_a_beginning_up_to_4_5_and_does_not_think_again(
    model: str, prefills: bool
) -> None:
    allowance = allow(Depth.DEEP, 200_000, thinks=False)
    sent = dict(Messages().ask(GOING_ON, Wish(model, allowance, ())).body)
    assert (sent["messages"][-1]["role"] == "assistant") == prefills
    if prefills:
        assert sent["messages"][-1]["content"] == "Good mor"
        assert "thinking" not in sent
