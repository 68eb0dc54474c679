"""What several processes cannot share stops the start with one line that says what to set."""

from pathlib import Path

import pytest

from chat.config import load_settings
from chat.environment import SettingError
from chat.sharing import check_sharing, file_system_of

MOUNTS = r"""21 1 8:1 / / rw,relatime shared:1 - ext4 /dev/sda1 rw
22 21 0:5 / /proc rw - proc proc rw
40 21 0:44 / /srv rw shared:9 - nfs4 files:/srv rw,vers=4.2
41 40 8:2 / /srv/local rw - xfs /dev/sdb1 rw
42 21 0:45 / /mnt/my\040share rw master:3 - cifs //files/share rw
"""


@pytest.fixture
def mounts(tmp_path: Path) -> Path:
    file = tmp_path / "mountinfo"
    file.write_text(MOUNTS)
    return file


@pytest.mark.parametrize(
    ("path", "kind"),
    [
        ("/home/parley/parley.db", "ext4"),
        ("/srv/parley/parley.db", "nfs4"),
        ("/srv/local/parley.db", "xfs"),
        ("/srv/localised/parley.db", "nfs4"),
        ("/mnt/my share/parley.db", "cifs"),
    ],
)
def test_the_file_system_of_a_path_is_that_of_the_nearest_mount(
    path: str, kind: str, mounts: Path
) -> None:
    assert file_system_of(Path(path), mounts) == kind


def test_where_nobody_can_tell_nothing_is_refused(tmp_path: Path) -> None:
    check_sharing("sqlite:////srv/parley.db", 2, tmp_path / "missing")


@pytest.mark.parametrize("processes", [1, 2])
@pytest.mark.parametrize("url", ["sqlite://", "sqlite:///:memory:", "sqlite:///file:x?mode=memory"])
def test_a_database_in_memory_is_refused(url: str, processes: int, mounts: Path) -> None:
    with pytest.raises(SettingError, match=r"^DATABASE_URL: a database in memory .* PostgreSQL$"):
        check_sharing(url, processes, mounts)


@pytest.mark.parametrize("url", ["sqlite:////srv/parley.db", "sqlite:////mnt/my share/parley.db"])
def test_sqlite_on_a_network_file_system_is_refused(url: str, mounts: Path) -> None:
    """Several machines would share it, which SQLite cannot."""
    with pytest.raises(SettingError, match=r"^DATABASE_URL: .* network file system .* PostgreSQL$"):
        check_sharing(url, 1, mounts)


@pytest.mark.parametrize(
    "url", ["sqlite:////home/parley.db", "postgresql+psycopg://parley@db/parley"]
)
def test_what_can_be_shared_is_taken(url: str, mounts: Path) -> None:
    check_sharing(url, 4, mounts)


def test_the_settings_are_checked_together(tmp_path: Path) -> None:
    with pytest.raises(SettingError, match="in memory"):
        load_settings({"PARLEY_DATA_DIR": str(tmp_path), "DATABASE_URL": "sqlite:///:memory:"})
    several = load_settings({"PARLEY_DATA_DIR": str(tmp_path), "WEB_CONCURRENCY": "2"})
    assert several.processes == 2
