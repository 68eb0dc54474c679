"""Providers of models that the environment describes, and the one line that a bad one gets."""

from pathlib import Path

import pytest

from chat.config import SettingError, Settings, load_settings
from chat.connections import clean_address, clean_key, clean_models, clean_name
from chat.vendors import vendor_at

KEY = "sk-not-for-any-eyes"
LOCAL = {"PARLEY_PROVIDERS": "local", "PARLEY_PROVIDER_LOCAL_BASE_URL": "http://127.0.0.1:9/v1"}
LOCAL_MODELS = LOCAL | {"PARLEY_PROVIDER_LOCAL_MODELS": "small"}


def load(folder: Path, environ: dict[str, str]) -> Settings:
    return load_settings({"PARLEY_DATA_DIR": str(folder / "data")} | environ)


def test_without_a_key_or_an_address_there_is_no_provider(tmp_path: Path) -> None:
    assert load(tmp_path, {"OPENAI_MODEL": "gpt-5"}).connections == ()


def test_a_key_and_a_model_are_enough_for_a_vendor(tmp_path: Path) -> None:
    environ = {"OPENAI_API_KEY": KEY, "OPENAI_MODEL": "one, two,one"}
    environ |= {"ANTHROPIC_API_KEY": "other", "ANTHROPIC_MODEL": "three"}
    openai, anthropic = load(tmp_path, environ).connections
    assert (openai.name, openai.kind, openai.preset) == ("openai", "openai_compatible", "openai")
    assert (openai.base_url, openai.key) == ("https://api.openai.com/v1", KEY)
    assert openai.models == ("one", "two")
    assert (anthropic.name, anthropic.kind) == ("anthropic", "anthropic")
    assert anthropic.base_url == "https://api.anthropic.com"


def test_an_address_alone_is_enough_for_a_server_of_ones_own(tmp_path: Path) -> None:
    environ = {"OPENAI_BASE_URL": "http://localhost:11434/v1/", "OPENAI_MODEL": "small"}
    (openai,) = load(tmp_path, environ).connections
    assert (openai.base_url, openai.preset) == ("http://localhost:11434/v1", "ollama")
    assert (openai.key, openai.context_tokens) == ("", 4096)


def test_a_key_may_come_from_a_file_and_is_in_no_repr(tmp_path: Path) -> None:
    file = tmp_path / "key"
    file.write_text(f"{KEY}\n")
    settings = load(tmp_path, {"OPENAI_API_KEY_FILE": str(file), "OPENAI_MODEL": "one"})
    assert settings.connections[0].key == KEY
    assert KEY not in repr(settings)


def test_the_list_gives_more_providers_in_its_order(tmp_path: Path) -> None:
    environ = LOCAL_MODELS | {
        "PARLEY_PROVIDERS": "mistral, team-models,local",
        "PARLEY_PROVIDER_MISTRAL_API_KEY": KEY,
        "PARLEY_PROVIDER_MISTRAL_MODELS": "large",
        "PARLEY_PROVIDER_TEAM_MODELS_PRESET": "vllm",
        "PARLEY_PROVIDER_TEAM_MODELS_MODELS": "big",
        "PARLEY_PROVIDER_TEAM_MODELS_CONTEXT_TOKENS": "64000",
    }
    mistral, team, local = load(tmp_path, environ).connections
    assert (mistral.preset, mistral.base_url) == ("mistral", "https://api.mistral.ai/v1")
    assert (team.name, team.preset, team.context_tokens) == ("team-models", "vllm", 64_000)
    assert (local.preset, local.base_url) == ("other", "http://127.0.0.1:9/v1")


@pytest.mark.parametrize(
    ("environ", "line"),
    [
        ({"OPENAI_API_KEY": KEY}, "OPENAI_MODEL: name at least one model"),
        ({"ANTHROPIC_BASE_URL": "https://a"}, "ANTHROPIC_MODEL: name at least one model"),
        (LOCAL, "PARLEY_PROVIDER_LOCAL_MODELS: name at least one model"),
        (LOCAL_MODELS | {"PARLEY_PROVIDER_LOCAL_BASE_URL": "localhost:1"}, "_BASE_URL: an address"),
        ({"OPENAI_BASE_URL": "http://[::1", "OPENAI_MODEL": "m"}, "OPENAI_BASE_URL: an address"),
        (
            LOCAL_MODELS | {"PARLEY_PROVIDER_LOCAL_BASE_URL": "http://h/v1/chat/completions"},
            "_BASE_URL: leave /chat/completions out",
        ),
        (LOCAL_MODELS | {"PARLEY_PROVIDER_LOCAL_PRESET": "x"}, "_PRESET: 'x' is none of openai,"),
        (LOCAL_MODELS | {"PARLEY_PROVIDER_LOCAL_CONTEXT_TOKENS": "few"}, "'few' is not a whole"),
        (
            LOCAL_MODELS | {"PARLEY_PROVIDER_LOCAL_API_KEY": f"{KEY} twice"},
            "_API_KEY: a key",
        ),
        (LOCAL_MODELS | {"PARLEY_PROVIDERS": "local,local"}, "two of the name local"),
        ({"PARLEY_PROVIDERS": "Groß"}, "PARLEY_PROVIDERS: a name is"),
        ({"PARLEY_PROVIDERS": "library"}, "PARLEY_PROVIDERS: library is the name of"),
        (
            {"PARLEY_PROVIDERS": "groq"},
            "PARLEY_PROVIDER_GROQ_API_KEY: Groq answers only with a key",
        ),
        ({"PARLEY_PROVIDERS": "mine"}, "PARLEY_PROVIDER_MINE_BASE_URL: say at which address"),
    ],
)
def test_a_bad_provider_gets_one_line(tmp_path: Path, environ: dict[str, str], line: str) -> None:
    with pytest.raises(SettingError) as caught:
        load(tmp_path, environ)
    message = str(caught.value)
    assert line in message
    assert "\n" not in message
    assert KEY not in message


@pytest.mark.parametrize(
    "text",
    [
        "", "ftp://h/v1", "https://", "https://h:port/v1", "https://u:p@h", "https://h/v1?key=1",
        "https://h/v1#a", "https://h /v1", "https://h/\nv1", "javascript:alert(1)", "http://[::1",
        "https://h/wörter", "https://h%41/v1", "https://.h/v1", "https://h,i/v1",
    ],
)  # fmt: skip
def test_an_address_that_cannot_be_asked_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="an address begins with http"):
        clean_address(text)


def test_what_is_typed_is_tidied() -> None:
    assert clean_name(" Team-Models ") == "team-models"
    assert clean_address(" https://h:8443/v1// ") == "https://h:8443/v1"
    assert clean_address("http://[::1]:8080/v1") == "http://[::1]:8080/v1"
    assert clean_address("https://münchen.example/v1") == "https://münchen.example/v1"
    assert clean_models("one\ntwo, one,\n") == ("one", "two")
    assert clean_key(f" {KEY}\n") == KEY


@pytest.mark.parametrize(
    ("address", "vendor"),
    [
        ("https://api.openai.com/v1", "openai"),
        ("https://team.openai.azure.com/openai/v1", "azure"),
        ("http://localhost:8080/v1", "llama_cpp"),
        ("http://10.0.0.7:8080/v1", "other"),
        ("", "other"),
    ],
)
def test_an_address_tells_its_vendor(address: str, vendor: str) -> None:
    assert vendor_at(address) == vendor
