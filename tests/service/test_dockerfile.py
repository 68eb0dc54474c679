"""The Dockerfile's instructions build and serve the site; only Docker itself is not there.

Its base image is this machine's Debian, copied on write, and pip finds its packages in a folder.
The process gets what compose.yaml leaves it: a read-only root, no capability, its volume.
"""

import json
import re
import shlex
import subprocess
from collections.abc import Iterator
from pathlib import Path

from tests.live import ROOT
from tests.service.machine import fresh
from tests.service.machine.repository import copy_project, pack_requirements, require_system_python

INSTRUCTION = re.compile(r"^([A-Z]+) +(.+)$")
VOLUME = "/var/lib/parley"
PATIENCE = 600  # seconds; a machine that is busy with other things is slow, not broken
CONFINED = """
mount -t tmpfs tmpfs /tmp
mount --bind {volume} {volume}
mount -o remount,bind,ro /
cd {workdir}
exec setpriv --reuid {user} --regid {user} --clear-groups --no-new-privs --bounding-set=-all \\
    env -i PATH=/usr/local/bin:/usr/bin:/bin {env} {command}
"""
SERVE = """
touch /tmp/container /run/container
unshare --mount sh -eu /page/confined serve &
until sh -c {health} 2>/dev/null; do
    kill -0 $! || exit 1
    sleep 0.1
done
pid=$(pgrep -o -f 'gunicorn wsgi:app')
echo "user $(stat -c %u /proc/$pid), capabilities $(sed -n 's/^CapBnd:.//p' /proc/$pid/status)"
kill -TERM "$pid"
wait $! && echo "ended well"
ls -l {volume}
"""


def instructions() -> list[tuple[str, str]]:
    """Each instruction of the Dockerfile with its arguments."""
    text = (ROOT / "Dockerfile").read_text()
    lines = [line for line in text.splitlines() if line and not line.startswith("#")]
    return [match.groups() for line in lines if (match := INSTRUCTION.match(line))]


def of(name: str) -> list[str]:
    return [arguments for instruction, arguments in instructions() if instruction == name]


def build() -> Iterator[str]:
    """The instructions as commands of a shell."""
    yield "set -eu; ln -s /usr/bin/python3 /usr/local/bin/python"
    yield "printf '[global]\\nno-index = true\\nfind-links = /page/wheels\\n' >/etc/pip.conf"
    for name, arguments in instructions():
        if name == "WORKDIR":
            yield f"mkdir -p {arguments}; cd {arguments}"
        elif name == "COPY" and not arguments.startswith("--from="):
            *sources, target = arguments.split()
            for source in sources:
                yield f"cp -rT /page/context/{source} {target}{source if target == './' else ''}"
        elif name == "RUN":
            yield f"sh -c {shlex.quote(arguments)}"


def sent_to_docker(repository: Path) -> None:
    """Take away what .dockerignore keeps from being sent."""
    lines = (repository / ".dockerignore").read_text().splitlines()
    kept = {line.removeprefix("!") for line in lines if line.startswith("!")}
    assert "*" in lines
    for path in repository.iterdir():
        if path.name not in kept:
            subprocess.run(["rm", "-rf", path], check=True)


def test_a_stage_copies_only_what_it_has_built() -> None:
    (copied,) = [arguments for arguments in of("COPY") if arguments.startswith("--from=build")]
    (folder,) = set(of("WORKDIR"))
    assert copied == f"--from=build {folder} {folder}"
    assert len(set(of("FROM"))) == 2
    assert {line.split()[0] for line in of("FROM")} == {"python:3.11-slim-bookworm"}


def test_what_it_builds_serves_without_root_and_is_healthy(tmp_path: Path) -> None:
    require_system_python()
    copy_project(tmp_path / "context")
    sent_to_docker(tmp_path / "context")
    pack_requirements(tmp_path / "wheels")
    (health,) = [line.partition(" CMD ")[2] for line in of("HEALTHCHECK")]
    env = shlex.join(pair for line in of("ENV") for pair in shlex.split(line))
    settings = {"volume": VOLUME, "env": env, "workdir": of("WORKDIR")[-1], "user": of("USER")[-1]}
    serve = shlex.join(json.loads(of("CMD")[-1]))
    (tmp_path / "confined").write_text(CONFINED.format(command=serve, **settings))
    checked = shlex.quote(f"export {env}; {shlex.join(json.loads(health))}")
    script = "\n".join([*build(), SERVE.format(health=checked, volume=VOLUME)])
    code, told = fresh.run(tmp_path, script, PATIENCE)
    assert code == 0, told
    assert "user 10001, capabilities 0000000000000000" in told
    assert "ended well" in told
    assert re.search(r"^-rw------- 1 parley parley .* secret-key$", told, re.MULTILINE)
    assert of("VOLUME") == [VOLUME]
