"""Where models are found: the name, the wire format and the usual address of each vendor.

What a vendor's server takes and returns is told in `providers/presets.py`, under the same names. An
address without a vendor counts as `other`. May import the values.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import urlsplit

from chat.values import Kind

_SMALL = 4_096  # tokens: what servers on one's own machine give a model unless they are told


@dataclass(frozen=True, slots=True)
class Vendor:
    """`address` is empty where everybody has another one; `context_tokens` is a cautious window."""

    label: str
    address: str
    needs_key: bool = True
    context_tokens: int = 32_000
    kind: Kind = "openai_compatible"


VENDORS: Mapping[str, Vendor] = {
    "openai": Vendor("OpenAI", "https://api.openai.com/v1"),
    "anthropic": Vendor("Anthropic", "https://api.anthropic.com", kind="anthropic"),
    "azure": Vendor("Azure OpenAI", ""),
    "gemini": Vendor("Google Gemini", "https://generativelanguage.googleapis.com/v1beta/openai"),
    "perplexity": Vendor("Perplexity", "https://api.perplexity.ai"),
    "mistral": Vendor("Mistral", "https://api.mistral.ai/v1"),
    "deepseek": Vendor("DeepSeek", "https://api.deepseek.com/v1"),
    "groq": Vendor("Groq", "https://api.groq.com/openai/v1"),
    "openrouter": Vendor("OpenRouter", "https://openrouter.ai/api/v1"),
    "ollama": Vendor("Ollama", "http://127.0.0.1:11434/v1", False, _SMALL),
    "llama_cpp": Vendor("llama.cpp", "http://127.0.0.1:8080/v1", False, _SMALL),
    "vllm": Vendor("vLLM", "http://127.0.0.1:8001/v1", False, 8_192),
    "lm_studio": Vendor("LM Studio", "http://127.0.0.1:1234/v1", False, _SMALL),
    "other": Vendor("OpenAI-compatible server", "", False, _SMALL),
}


def vendor_at(address: str) -> str:
    """Whose address this is: the name of its row, `other` for nobody's."""
    try:
        place = urlsplit(address).netloc.lower().replace("localhost", "127.0.0.1")
    except ValueError:  # it is no address at all, which others say
        return "other"
    if place.endswith(".openai.azure.com"):
        return "azure"
    places = {urlsplit(vendor.address).netloc: name for name, vendor in VENDORS.items()}
    return places.get(place, "other") if place else "other"
