"""Settings: what they take, and the one line that a bad one gets."""

import secrets
import stat
from pathlib import Path

import pytest

from chat.config import SettingError, Settings, load_settings
from chat.values import DataPolicy


def load(folder: Path, **environ: str) -> Settings:
    return load_settings({"PARLEY_DATA_DIR": str(folder / "data")} | environ)


def test_the_defaults_are_for_a_small_team_on_one_machine(tmp_path: Path) -> None:
    settings = load(tmp_path)
    assert (settings.host, settings.port, settings.processes) == ("127.0.0.1", 8000, 1)
    assert settings.database_url == f"sqlite:///{tmp_path}/data/parley.db"
    assert settings.rate_messages == "20/minute,1000/day"


def test_the_first_start_writes_a_secret_that_only_its_owner_reads(tmp_path: Path) -> None:
    first, second = load(tmp_path).secret_key, load(tmp_path).secret_key
    assert first == second
    assert len(first) >= 48
    assert stat.S_IMODE((tmp_path / "data" / "secret-key").stat().st_mode) == 0o600
    assert stat.S_IMODE((tmp_path / "data").stat().st_mode) == 0o700
    assert first != load(tmp_path / "elsewhere").secret_key


def test_a_secret_may_come_from_a_file(tmp_path: Path) -> None:
    file = tmp_path / "mounted"
    file.write_text("from the platform\n")
    assert load(tmp_path, SECRET_KEY_FILE=str(file)).secret_key == "from the platform"
    assert not (tmp_path / "data" / "secret-key").exists()


def test_an_empty_value_counts_as_unset(tmp_path: Path) -> None:
    assert load(tmp_path, PORT=" ", SECRET_KEY="").port == 8000


def test_limits_can_be_turned_off(tmp_path: Path) -> None:
    settings = load(tmp_path, PARLEY_RATE_MESSAGES="0", PARLEY_MAX_RUNS="0")
    assert (settings.rate_messages, settings.max_runs) == ("", 0)


@pytest.mark.parametrize("scheme", ["postgresql", "postgres", "postgresql+psycopg"])
def test_a_server_is_asked_through_the_driver_that_cooperates(tmp_path: Path, scheme: str) -> None:
    settings = load(
        tmp_path, DATABASE_URL=f"{scheme}://parley:p%40ss@db:5433/parley?sslmode=require"
    )
    assert settings.database_url == (
        "postgresql+psycopg://parley:p%40ss@db:5433/parley?sslmode=require"
    )


@pytest.mark.parametrize(
    ("url", "words"),
    [
        ("mysql://parley:hush-hush@db/parley", "no address such as postgresql://"),
        ("postgresql:/parley:hush-hush@db/parley", "no address such as postgresql://"),
        ("hush-hush", "no address such as postgresql://"),
        ("postgresql://parley:hush-hush@db:hush/parley", "its host or port cannot be read"),
        ("postgresql://parley:hush-hush@[db/parley", "its host or port cannot be read"),
        ("postgresql://parley:hush-hush@db", "it ends with the name of a database"),
        ("postgresql://parley:hush-hush@db/", "it ends with the name of a database"),
    ],
)
def test_a_bad_address_of_the_database_is_told_without_its_password(
    tmp_path: Path, url: str, words: str
) -> None:
    with pytest.raises(SettingError, match=words) as caught:
        load(tmp_path, DATABASE_URL=url)
    assert str(caught.value).startswith("DATABASE_URL: ")
    assert "hush" not in str(caught.value)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize(
    ("name", "value", "words"),
    [
        ("PORT", "eighty", "'eighty' is not a whole number from 0 to 65535"),
        ("PORT", "65536", "65536 is not a whole number from 0 to 65535"),
        ("PORT", "-1", "'-1' is not a whole number"),
        ("PORT", "²", "is not a whole number"),
        ("PORT", "8000.0", "is not a whole number"),
        ("WEB_CONCURRENCY", "0", "0 is not a whole number from 1 to 64"),
        ("PARLEY_CHUNK_WORDS", "0", "0 is not a whole number of at least 1"),
        ("PARLEY_FLUSH_MS", "500", "500 is not a whole number from 10 to 200"),
        ("PARLEY_TYPED_INJECTIONS", "perhaps", "'perhaps' is none of off, warn, refuse"),
        ("PARLEY_RATE_MESSAGES", "20", "'20' is not a rate such as 20/minute"),
        ("PARLEY_RATE_MESSAGES", "lots/minute", "is not a rate"),
        ("PARLEY_RATE_MESSAGES", "20/fortnight", "is not a rate"),
        ("PARLEY_RATE_API", "20/minute,30/minute", "is not a rate"),
        ("PARLEY_SLOTS", "-1", "is not a whole number"),
        ("PARLEY_SECURE_COOKIES", "maybe", "'maybe' is neither 1 nor 0"),
        ("PARLEY_CONFIDENCE_HIGH", "101", "101 is not a whole number from 1 to 100"),
        ("PARLEY_CONFIDENCE_MEDIUM", "90", "90 is not below PARLEY_CONFIDENCE_HIGH, 80"),
        ("SECRET_KEY", "only 15 letters", "15 characters can be guessed; take at least 16"),
        ("REDIS_URL", "localhost:6379", "not an address such as redis://"),
        ("REDIS_URL_FILE", "/nowhere/secret", "cannot read /nowhere/secret"),
        ("SECRET_KEY_FILE", "/nowhere/secret", "cannot read /nowhere/secret"),
    ],
)
def test_a_bad_value_gets_one_line_that_names_it(
    tmp_path: Path, name: str, value: str, words: str
) -> None:
    with pytest.raises(SettingError) as caught:
        load(tmp_path, **{name: value})
    message = str(caught.value)
    assert message.startswith(f"{name}: ")
    assert words in message
    assert "\n" not in message


@pytest.mark.parametrize(
    "url",
    [
        "redis://cache",
        "redis://:pa%2Fss@127.0.0.1:6379/3",
        "rediss://parley:secret@[::1]:6380/0?ssl_ca_certs=/etc/ca.pem",
        "unix:///run/redis.sock?db=1",
    ],
)
def test_an_address_of_a_redis_is_taken_as_it_is(tmp_path: Path, url: str) -> None:
    assert load(tmp_path, REDIS_URL=url).redis_url == url


@pytest.mark.parametrize(
    "url",
    [
        "http://:hunter2@cache",
        "redis://:hunter2@",
        "redis://:hunter2@cache:99999",
        "redis://:hunter2@cache:port/0",
        "redis://:hunter2/x@cache/0",
        "redis://:hunter2@cache/first",
        "redis://:hunter2@cache/0?socket_timeout=600",
        "rediss://:hunter2@cache/0?hunter2",
        "redis://:hunter2@[::1/0",
        "unix://",
    ],
)
def test_a_bad_address_of_a_redis_is_told_without_its_password(tmp_path: Path, url: str) -> None:
    with pytest.raises(SettingError) as caught:
        load(tmp_path, REDIS_URL=url)
    assert str(caught.value).startswith("REDIS_URL: not an address such as redis://")
    assert "hunter2" not in str(caught.value)


def test_an_empty_secret_file_stops_the_start(tmp_path: Path) -> None:
    (tmp_path / "data").mkdir()
    (tmp_path / "data" / "secret-key").touch()
    with pytest.raises(SettingError, match="is empty; delete it or write a secret into it"):
        load(tmp_path)


def test_a_start_that_is_cut_off_leaves_no_secret_behind(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def cut_off(_bytes: int) -> str:
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr(secrets, "token_urlsafe", cut_off)
        pytest.raises(KeyboardInterrupt, load, tmp_path)
    assert list((tmp_path / "data").iterdir()) == []
    assert len(load(tmp_path).secret_key) >= 48


def test_of_two_first_starts_at_once_one_makes_the_secret(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    make, keys = secrets.token_urlsafe, []

    def another_is_faster(size: int) -> str:
        monkeypatch.setattr(secrets, "token_urlsafe", make)
        keys.append(load(tmp_path).secret_key)
        return make(size)

    monkeypatch.setattr(secrets, "token_urlsafe", another_is_faster)
    keys.append(load(tmp_path).secret_key)
    assert keys[0] == keys[1]
    assert [path.name for path in (tmp_path / "data").iterdir()] == ["secret-key"]


def test_what_is_done_about_personal_data_is_a_word_of_four(tmp_path: Path) -> None:
    given = {"OPENAI_API_KEY": "k", "OPENAI_MODEL": "m"}
    settings = load(tmp_path, PARLEY_PERSONAL_DATA="Redact", **given)
    assert settings.personal_data is DataPolicy.REDACT
    assert settings.connections[0].personal_data is None
    assert load(tmp_path).personal_data is DataPolicy.OFF
    own = load(tmp_path, OPENAI_PERSONAL_DATA="off", **given)
    assert own.connections[0].personal_data is DataPolicy.OFF
    with pytest.raises(SettingError, match="PARLEY_PERSONAL_DATA: 'hide' is none of off, warn"):
        load(tmp_path, PARLEY_PERSONAL_DATA="hide")
