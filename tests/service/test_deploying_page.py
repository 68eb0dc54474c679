"""docs/deploying.md works: its commands, taken from the page, run in order on a fresh machine.

The machine has a real systemd, nginx, git and Python of Debian. What stands in for the world
outside: apt-get only looks whether the packages are installed, pip finds its packages in a folder,
the repository is a copy of this one, and the site's name is in /etc/hosts.
"""

import re
import subprocess
from pathlib import Path

import pytest

from tests.live import ROOT
from tests.programs import require_program
from tests.service.machine import fresh
from tests.service.machine.repository import copy_project, pack_requirements, require_system_python

PAGE = ROOT / "docs" / "deploying.md"
BLOCK = re.compile(r"^## (?P<title>[^\n]+)$|^```bash\n(?P<code>.*?)^```$", re.MULTILINE | re.DOTALL)
NAME = "parley.test"
PROGRAMS = ("systemctl", "nginx", "git", "make", "adduser", "curl", "openssl", "ip")
PATIENCE = 600  # seconds; a machine that is busy with other things is slow, not broken
APT = """#!/bin/sh
# Installs nothing: says what is missing.
[ "$1" = install ] || exit 0
shift
for package; do
    case $package in -*) ;; *) dpkg --status "$package" >/dev/null || exit 1 ;; esac
done
"""
PREPARE = f"""
set -eu
install -m 755 /page/apt-get /usr/local/sbin/apt-get
printf '[global]\\nno-index = true\\nfind-links = /page/wheels\\n' >/etc/pip.conf
echo '127.0.0.1 localhost {NAME}' >/etc/hosts
fail() {{ echo "FAILED: $*"; false; }}
trap 'journalctl --no-pager --lines 30 --output short' ERR
"""
# What is looked at after the commands of a section.
CHECKS = {
    "Start": """
        [ "$(stat -c '%U %a' /var/lib/parley/parley.db | cut -d' ' -f1)" = parley ] || fail owner
        if runuser -u nobody -- cat /var/lib/parley/secret-key; then fail "others can read"; fi
        pid=$(systemctl show --property MainPID --value parley@8001)
        [ "$(stat -c %U "/proc/$pid")" = parley ] || fail "runs as somebody else"
        grep -q '^NoNewPrivs:.1' "/proc/$pid/status" || fail "not confined"
        grep -q '^Seccomp:.2' "/proc/$pid/status" || fail "no filter of system calls"
        if nsenter -t "$pid" -m touch /srv/parley/site/x; then fail "the site can change itself"; fi
        echo 'PARLEY_SITE_NAME=Ours $(touch /tmp/ran) "and" more' >>/etc/parley/parley.env
        parley users list
        [ ! -e /tmp/ran ] || fail "a setting was run as a command"
        """,
    "The first admin": """
        echo 'a sentence nobody guesses' |
            parley users create ada@example.org --name Ada --admin --password-stdin
        echo 'before the backup' >/tmp/note.md
        parley library add /tmp/note.md
        """,
    "Backup": """
        ls /var/backups/parley/parley-*Z.tar
        [ "$(stat -c '%U %a' /var/backups/parley/first.tar)" = "parley 600" ] || fail mode
        systemctl is-enabled parley-backup.timer
        echo 'after the backup' >/tmp/later.md
        parley library add /tmp/later.md
        """,
    "Restore": """
        parley library add /tmp/note.md | grep 'is there already' || fail "the note is lost"
        parley library add /tmp/later.md | grep added || fail "what came later is still there"
        """,
    "Upgrade": """
        systemctl is-active parley@8001
        parley library add /tmp/later.md | grep 'is there already' || fail "lost by the upgrade"
        """,
    "Several instances": """
        for worker in $former; do while kill -0 "$worker" 2>/dev/null; do sleep 0.1; done; done
        """,
    "Rolling restart": """
        systemctl is-active parley@8001 parley@8002
        kill "$asking"
        sort /tmp/asked | uniq --count
        grep --quiet '^200$' /tmp/asked || fail "nobody was answered"
        if grep --invert-match '^200$' /tmp/asked; then
            tail -n 20 /var/log/nginx/error.log
            fail "somebody was not answered"
        fi
        """,
    "Rollback": """
        [ ! -e /srv/parley/site/NEW ] || fail "the program is still the new one"
        parley library add /tmp/later.md | grep 'is there already' || fail "lost by the rollback"
        """,
}
BEFORE = {
    # A reload returns before nginx's new workers are in charge, who know the second instance.
    "Several instances": "former=$(pgrep --full 'nginx: worker')",
    "Upgrade": """
        (cd /page/repository && touch NEW && git add NEW &&
            git -c user.name=A -c user.email=a@example.org commit --quiet --message New)
        """,
    "Rolling restart": """
        (set +x; while :; do
            curl --silent --output /dev/null --write-out '%{http_code}\\n' \
                --cacert /etc/parley/tls/fullchain.pem "https://$NAME/readyz"
        done) >/tmp/asked &
        asking=$!
        """,
}


def blocks() -> list[tuple[str, str]]:
    """The page's blocks of commands, each with the title of its section."""
    found, title = [], ""
    for match in BLOCK.finditer(PAGE.read_text()):
        title = match["title"] or title
        if match["code"]:
            found.append((title, match["code"]))
    return found


def script() -> str:
    """The page as one script, with what is looked at between its sections."""
    parts = [PREPARE]
    titles = [title for title, _ in blocks()]
    for number, (title, code) in enumerate(blocks()):
        if title == "Say what is yours":
            code, changed = re.subn(r"^NAME=\S+", f"NAME={NAME}", code, flags=re.MULTILINE)
            code, more = re.subn(r"^REPOSITORY=\S+", "REPOSITORY=/page/repository", code,
                                 flags=re.MULTILINE)  # fmt: skip
            assert (changed, more) == (1, 1)
        last = title not in titles[number + 1 :]
        parts += [f"echo '== {title}'", "set -x", BEFORE.get(title, ""), code]
        parts += [CHECKS.get(title, "") if last else "", "{ set +x; } 2>/dev/null"]
    return "\n".join([*parts, "echo '== the end'"])


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """What the machine finds: a repository with the project in it, wheels, and apt-get."""
    repository = tmp_path / "repository"
    copy_project(repository)
    git = ["git", "-c", "user.name=A", "-c", "user.email=a@example.org", "-C", str(repository)]
    for arguments in (["init", "--quiet"], ["add", "."], ["commit", "--quiet", "-m", "All"]):
        subprocess.run([*git, *arguments], check=True)
    pack_requirements(tmp_path / "wheels")
    (tmp_path / "apt-get").write_text(APT)
    return tmp_path


def test_every_section_that_is_looked_at_is_on_the_page() -> None:
    titles = {title for title, _ in blocks()}
    assert (CHECKS.keys() | BEFORE.keys()) - titles == set()


def test_the_page_followed_word_by_word_works(folder: Path) -> None:
    for program in PROGRAMS:
        require_program(program)
    require_system_python()
    code, told = fresh.run(folder, script(), PATIENCE)
    assert (code, told.splitlines()[-1]) == (0, "== the end"), told
    assert re.search(rf"^Set up Parley: https://{re.escape(NAME)}/setup\?token=\S+$", told, re.M)
