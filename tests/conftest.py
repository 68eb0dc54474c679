"""What every test may ask for: settings, an app on a fresh database, three people, a live site."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from app import create_app
from chat import accounts
from chat.accounts import passwords
from chat.accounts.sessions import Device
from chat.config import Settings, load_settings
from chat.database import Database
from tests.databases import KINDS, PostgresTables, SqliteFiles
from tests.live import LiveSite
from tests.people import CHEAP_HASHER, Person, csrf_headers, fill_database
from tests.postgresql import PostgresServer
from tests.programs import report_missing
from tests.upstream.process import Upstream

MakeSettings = Callable[..., Settings]
MakeApp = Callable[..., Flask]
StartSite = Callable[..., LiveSite]


SLOW_FIRST = (
    "faults",
    "service",
    "browser",
)  # so that no process is left with one of them at the end


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    def place(item: pytest.Item) -> int:
        folder = item.path.relative_to(Path(__file__).parent).parts[0]
        return SLOW_FIRST.index(folder) if folder in SLOW_FIRST else len(SLOW_FIRST)

    items.sort(key=place)


def pytest_terminal_summary(terminalreporter: Any) -> None:
    report_missing(terminalreporter)


@pytest.fixture(autouse=True, scope="session")
def _cheap_hashes() -> None:
    """Argon2id with its real cost would take a tenth of a second for each password."""
    passwords.hasher = CHEAP_HASHER


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """What uses a database is tested on both kinds, unless it is marked as SQLite's own matter."""
    if "database_kind" in metafunc.fixturenames:
        own = metafunc.definition.get_closest_marker("sqlite_only") is not None
        polled = "eventlog" in metafunc.definition.path.parts  # asks an SQLite file for changes
        metafunc.parametrize("database_kind", KINDS[:1] if own or polled else KINDS)


@pytest.fixture(scope="session")
def sqlite_files(tmp_path_factory: pytest.TempPathFactory) -> SqliteFiles:
    return SqliteFiles(tmp_path_factory.mktemp("template") / "parley.db")


@pytest.fixture(scope="session")
def template_database(sqlite_files: SqliteFiles) -> Path:
    """A migrated database with the three people, made once for a whole run."""
    return sqlite_files.path


@pytest.fixture(scope="session")
def postgres() -> Iterator[PostgresServer]:
    """A PostgreSQL server for a whole run, with the three people in its template."""
    with PostgresServer() as server:
        server.template = server.create()
        fill_database(server.sqlalchemy_url(server.template))
        yield server


@pytest.fixture(scope="session")
def postgres_tables(postgres: PostgresServer) -> Iterator[PostgresTables]:
    tables = PostgresTables(postgres)
    yield tables
    tables.close()


@pytest.fixture
def data_dir(tmp_path: Path) -> Path:
    folder = tmp_path / "data"
    folder.mkdir(mode=0o700)
    (folder / "uploads").mkdir(mode=0o700)
    return folder


@pytest.fixture
def database_url(database_kind: str, data_dir: Path, request: pytest.FixtureRequest) -> str:
    """The address of a database of the test's own, with the three people."""
    if database_kind == "sqlite":
        files: SqliteFiles = request.getfixturevalue("sqlite_files")
        return files.with_people(data_dir)
    tables: PostgresTables = request.getfixturevalue("postgres_tables")
    return tables.with_people()


@pytest.fixture
def make_settings(data_dir: Path, database_url: str) -> MakeSettings:
    """Settings on such a database; pacing, limits and the cache are off unless a test sets them."""

    def make(**overrides: Any) -> Settings:
        environ = {
            "PARLEY_DATA_DIR": str(data_dir),
            "SECRET_KEY": "only for tests, " * 4,
            "DATABASE_URL": database_url,
        }
        quiet = {"rate_messages": "", "rate_sign_in": "", "rate_api": "", "rate_uploads": ""}
        quiet |= {"max_runs": 0, "chunk_delay_ms": 0, "cache_answers": 0}
        return replace(load_settings(environ), **(quiet | overrides))

    return make


@pytest.fixture
def settings(make_settings: MakeSettings) -> Settings:
    return make_settings()


@pytest.fixture
def make_app(make_settings: MakeSettings) -> Iterator[MakeApp]:
    """An app with some settings changed: make_app(max_runs=1). All share one database."""
    with ExitStack() as cleanup:

        def make(**overrides: Any) -> Flask:
            app = create_app(make_settings(**overrides))
            app.testing = True
            app.config["PROPAGATE_EXCEPTIONS"] = False  # a defect is answered as on the real site
            cleanup.callback(_close, app)
            return app

        yield make


def _close(app: Flask) -> None:
    parts = app.extensions["parley"]
    parts.intake.close(timeout=30)
    parts.runner.close(timeout=5)
    parts.database.engine.dispose()


@pytest.fixture
def app(make_app: MakeApp) -> Flask:
    return make_app()


@pytest.fixture
def database(app: Flask) -> Database:
    found: Database = app.extensions["parley"].database
    return found


@pytest.fixture
def writing(database: Database) -> Iterator[Session]:
    """A session whose changes are committed when the test ends; commit earlier to show them."""
    with database.writing() as session:
        yield session


@pytest.fixture
def visitor(app: Flask) -> FlaskClient:
    """Somebody who has not signed in."""
    return app.test_client()


def sign_in(app: Flask, name: str) -> Person:
    """A fresh sign-in of alice, bob or charlie on this app."""
    parts = app.extensions["parley"]
    with parts.database.writing() as session:
        credentials = accounts.people.credentials_of(session, f"{name}@example.org")
        assert credentials is not None
        device = Device("Tests", "127.0.0.1")
        token = accounts.sessions.start(session, credentials, device, timedelta(days=1))
        assert token is not None
        signed_in = accounts.sessions.find(session, token)
        assert signed_in is not None
    client = app.test_client()
    with client.session_transaction() as cookie:
        cookie["_user_id"] = token
        cookie["csrf_token"] = "0" * 40
        headers = csrf_headers(parts.settings.secret_key, cookie)
    client.environ_base["HTTP_X_CSRF_TOKEN"] = headers["X-CSRF-Token"]
    return Person(signed_in.viewer, client)


@pytest.fixture
def alice(app: Flask) -> Person:
    """Admin of the site and owner of the space."""
    return sign_in(app, "alice")


@pytest.fixture
def bob(app: Flask) -> Person:
    """A team mate of Alice's."""
    return sign_in(app, "bob")


@pytest.fixture
def charlie(app: Flask) -> Person:
    """An outsider: signed in, but in none of Alice's spaces."""
    return sign_in(app, "charlie")


@pytest.fixture(scope="module")
def live_site(
    template_database: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[LiveSite]:
    """The real server on a free port, shared by the tests of a file."""
    with LiveSite(tmp_path_factory.mktemp("site"), template_database) as site:
        yield site


@pytest.fixture
def start_site(template_database: Path, tmp_path: Path) -> Iterator[StartSite]:
    """Starts a server of the test's own: start_site(PARLEY_MAX_RUNS="1")."""
    with ExitStack() as cleanup:

        def start(**environ: str) -> LiveSite:
            site = LiveSite(tmp_path / "site", template_database, **environ)
            return cleanup.enter_context(site)

        yield start


@pytest.fixture(scope="session")
def upstream_process() -> Iterator[Upstream]:
    """A loopback provider of models in a process of its own, shared by a whole run."""
    with Upstream() as upstream:
        yield upstream


@pytest.fixture
def upstream(upstream_process: Upstream) -> Upstream:
    """The loopback provider, with nothing seen, nothing scripted and nobody connected."""
    upstream_process.reset()
    return upstream_process
