"""Holds the floors of docs/architecture.md by reading every import of the project."""

import ast
from collections.abc import Iterator, Mapping
from graphlib import CycleError, TopologicalSorter
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent.parent

# Lowest first. A file imports only from floors below its own; the boxes of one floor do not import
# each other, but for the plain ground, which only has to be free of circles.
FLOORS = (
    ("chat", "chat.config", "chat.connections", "chat.environment", "chat.rates", "chat.vendors",
     "chat.errors", "chat.events", "chat.values", "chat.sse", "chat.metrics", "chat.loglines",
     "chat.origin", "chat.tracing", "chat.offload", "chat.normal_forms",
     "chat.extensions", "chat.sharing", "chat.database", "chat.sqlite", "chat.spares",
     "chat.postgresql", "chat.statements", "chat.checkpointing"),
    ("chat.models",),
    ("chat.migrate",),
    ("chat.backups",),
    ("chat.accounts", "chat.spaces", "chat.conversations", "chat.audit", "chat.cache",
     "chat.figures"),
    ("chat.safety",),
    ("chat.knowledge",),
    ("chat.finding",),
    ("chat.eventlog",),
    ("chat.providers",),
    ("chat.answering",),
    ("chat.web", "chat.commands"),
    ("app",),
    ("wsgi",),
)  # fmt: skip
HEIGHT = {box: height for height, floor in enumerate(FLOORS) for box in floor}


def imports_of(root: Path) -> dict[str, set[str]]:
    """Each module of the project under `root`, and the modules of the project that it imports."""
    files = [*root.glob("chat/**/*.py"), *root.glob("app.py"), *root.glob("wsgi.py")]
    modules = {_name(file.relative_to(root)): file for file in files}
    return {
        name: {_known(target, modules) for target in _targets(ast.parse(file.read_text()))}
        - {"", name}
        for name, file in modules.items()
    }


def _name(file: Path) -> str:
    return ".".join(file.with_suffix("").parts).removesuffix(".__init__")


def _targets(tree: ast.Module) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, "imports are absolute, so that a reader sees the floor"
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def _known(target: str, modules: Mapping[str, Path]) -> str:
    """The module that holds `target`, or "" for one that is not of the project."""
    while target and target not in modules:
        target = target.rpartition(".")[0]
    return target


def box_of(module: str) -> str:
    """The box of a module: `chat.web.errors` is of `chat.web`."""
    return ".".join(module.split(".")[:2])


def broken_rules(imports: Mapping[str, set[str]]) -> list[str]:
    """What the imports do that the floors forbid, one sentence each."""
    broken = [f"{name} has no floor" for name in imports if box_of(name) not in HEIGHT]
    for name, targets in imports.items():
        box = box_of(name)
        for target in sorted(targets):
            other = box_of(target)
            if other == box or box not in HEIGHT or other not in HEIGHT:
                continue
            if HEIGHT[other] > HEIGHT[box]:
                broken.append(f"{name} imports {target}, from a floor above its own")
            elif HEIGHT[other] == HEIGHT[box] > 0:
                broken.append(f"{name} imports {target}, a box of its own floor")
    try:
        TopologicalSorter(imports).prepare()
    except CycleError as error:
        broken.append(f"a circle of imports: {' → '.join(error.args[1])}")
    return broken


def test_every_file_imports_only_from_floors_below() -> None:
    assert broken_rules(imports_of(ROOT)) == []


@pytest.mark.parametrize(
    ("files", "complaint"),
    [
        ({"chat/models/user.py": "from chat.web.site import site"}, "from a floor above its own"),
        ({"chat/accounts.py": "import chat.spaces"}, "a box of its own floor"),
        ({"chat/web/pages.py": "from chat import commands"}, "a box of its own floor"),
        ({"chat/models/user.py": "def f():\n    from app import create_app"}, "from a floor above"),
        ({"chat/sse.py": "from chat import values"}, "a circle of imports"),
        ({"chat/web/site.py": "import chat.web.pages"}, "a circle of imports"),
        ({"chat/helpers.py": ""}, "chat.helpers has no floor"),
    ],
)
def test_each_rule_can_be_broken(tmp_path: Path, files: dict[str, str], complaint: str) -> None:
    sound = {
        "app.py": "from chat.web.site import site\nfrom chat.commands import users",
        "chat/__init__.py": "",
        "chat/sse.py": "",
        "chat/values.py": "import chat.sse",
        "chat/models/user.py": "from chat.values import new_id",
        "chat/accounts.py": "from chat.models import user",
        "chat/spaces.py": "import sqlalchemy",
        "chat/web/site.py": "from chat.accounts import sign_in",
        "chat/web/pages.py": "from chat.web.site import site",
        "chat/commands/__init__.py": "",
        "chat/commands/users.py": "from chat.accounts import create_user",
    }
    assert broken_rules(imports_of(_tree(tmp_path / "sound", sound))) == []
    broken = broken_rules(imports_of(_tree(tmp_path / "broken", sound | files)))
    assert any(complaint in rule for rule in broken), broken


def _tree(root: Path, files: Mapping[str, str]) -> Path:
    for name, text in files.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    return root


def _files_with(*words: str) -> set[str]:
    return {
        path.relative_to(ROOT).as_posix()
        for path in ROOT.glob("chat/**/*.py")
        if any(word in path.read_text() for word in words)
    }


def test_only_one_file_of_chat_knows_gevent() -> None:
    assert _files_with("import gevent", "from gevent") == {"chat/offload.py"}


def test_only_the_settings_read_the_environment() -> None:
    assert _files_with("os.environ", "os.getenv") == {"chat/config.py"}
