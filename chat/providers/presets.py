"""What each vendor's server takes and returns beyond the common format: one row a vendor.

Names, addresses and formats are in `chat/vendors.py`, under the same names. Keeps true: a server is
sent only what it is known to take; what one of its models refuses all the same is left out from
then on (`abilities.py`). May import the plain ground.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

LimitName = Literal["max_tokens", "max_completion_tokens"]

_OPENAI_THINKERS = re.compile(r"(?:^|/)(?:o\d|gpt-[5-9])")
_OPEN_THINKERS = re.compile(r"(?i)qwq|qwen3|deepseek-r\d|gpt-oss|magistral|think|reason")


@dataclass(frozen=True, slots=True, kw_only=True)
class Preset:
    """A vendor's habits; the defaults are those of most servers.

    `thinkers` finds the names of models that think before they answer, whether asked to or not:
    their thoughts count against the limit of the output.
    """

    tells_usage: bool = True  # when asked with stream_options.include_usage
    logprobs: Literal["no", "yes", "not of thinkers"] = "no"
    reasoning: Literal["reasoning_content", "reasoning"] = "reasoning_content"
    limit: LimitName = "max_tokens"
    effort: bool = False  # thinkers take `reasoning_effort`
    thinkers: re.Pattern[str] = _OPEN_THINKERS
    prefill: Literal["no", "yes", "continue_final_message"] = "no"  # goes on with a last turn
    searches: bool = False  # the web, and tells `citations` or `search_results`
    key_header: str = "Authorization"
    root: str = "/v1"  # where a base URL names no path
    api_version: str = ""  # of addresses that name a deployment

    def thinks(self, model: str) -> bool:
        return self.thinkers.search(model) is not None

    def gives_logprobs(self, model: str) -> bool:
        if self.logprobs == "not of thinkers":
            return not self.thinks(model)
        return self.logprobs == "yes"


# As of the vendors' references. Groq and Mistral refuse `logprobs`; Mistral refuses every field it
# does not know, and like Perplexity tells the usage unasked.
PRESETS: Mapping[str, Preset] = {
    "openai": Preset(
        logprobs="not of thinkers",
        limit="max_completion_tokens",
        effort=True,
        thinkers=_OPENAI_THINKERS,
    ),
    "anthropic": Preset(key_header="x-api-key", root=""),
    "azure": Preset(
        logprobs="not of thinkers",
        limit="max_completion_tokens",
        effort=True,
        thinkers=_OPENAI_THINKERS,
        key_header="api-key",
        root="/openai/v1",
        api_version="2024-10-21",
    ),
    "gemini": Preset(
        effort=True, thinkers=re.compile(r"gemini-(?:2\.5|[3-9])"), root="/v1beta/openai"
    ),
    "perplexity": Preset(
        tells_usage=False, searches=True, thinkers=re.compile(r"reason|research"), root=""
    ),
    "mistral": Preset(tells_usage=False),
    "deepseek": Preset(
        logprobs="not of thinkers", thinkers=re.compile(r"reason|-v[4-9]"), root="/v1"
    ),
    "groq": Preset(reasoning="reasoning", limit="max_completion_tokens", root="/openai/v1"),
    "openrouter": Preset(logprobs="yes", reasoning="reasoning", root="/api/v1"),
    "ollama": Preset(logprobs="yes", reasoning="reasoning"),
    "llama_cpp": Preset(logprobs="yes", prefill="yes"),
    "vllm": Preset(logprobs="yes", reasoning="reasoning", prefill="continue_final_message"),
    "lm_studio": Preset(),
    "other": Preset(logprobs="yes"),
}
