"""compose.yaml is sound as far as that can be told without Docker."""

import re
import subprocess
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.programs import require_program

ROOT = Path(__file__).parent.parent.parent
SITES = ("web1", "web2")


@pytest.fixture(scope="module")
def compose() -> dict[str, Any]:
    return dict(yaml.safe_load((ROOT / "compose.yaml").read_text()))


def test_every_setting_is_one(compose: dict[str, Any]) -> None:
    page = (ROOT / "docs/settings.md").read_text()
    documented = set(re.findall(r"`([A-Z_]+)`", page))
    for name in SITES:
        assert set(compose["services"][name]["environment"]) <= documented


def test_what_is_named_is_there(compose: dict[str, Any]) -> None:
    for service in compose["services"].values():
        assert set(service.get("secrets", [])) <= set(compose["secrets"])
        assert set(service["networks"]) <= set(compose["networks"])
        assert set(service.get("depends_on", {})) <= set(compose["services"])
        for volume in service.get("volumes", []):
            source = volume.split(":")[0]
            assert source.startswith("./deploy/compose/") or source in compose["volumes"]


def test_who_is_waited_for_says_when_it_is_ready(compose: dict[str, Any]) -> None:
    checked = {name for name, service in compose["services"].items() if "healthcheck" in service}
    checked |= set(SITES)  # by the Dockerfile
    for service in compose["services"].values():
        for name, how in service.get("depends_on", {}).items():
            assert how == {"condition": "service_healthy"}
            assert name in checked


def test_only_nginx_is_reached_from_outside(compose: dict[str, Any]) -> None:
    assert [n for n, service in compose["services"].items() if "ports" in service] == ["nginx"]


def test_the_site_has_no_more_rights_than_it_needs(compose: dict[str, Any]) -> None:
    for name in SITES:
        site = compose["services"][name]
        assert (site["read_only"], site["cap_drop"]) == (True, ["ALL"])
        assert site["security_opt"] == ["no-new-privileges:true"]


def test_no_image_changes_by_itself_to_another_major_version(compose: dict[str, Any]) -> None:
    images = [s["image"] for s in compose["services"].values() if "build" not in s]
    assert images
    assert all(re.fullmatch(r"[a-z]+:\d+(\.\d+)*", image) for image in images)


def test_nginx_finds_the_instances_where_they_are(compose: dict[str, Any]) -> None:
    upstream = (ROOT / "deploy/compose/parley-upstream.conf").read_text()
    addresses = re.findall(r"server ([\d.]+):8000 ", upstream)
    given = [compose["services"][name]["networks"]["site"]["ipv4_address"] for name in SITES]
    assert addresses == given
    assert "PORT=8000" in (ROOT / "Dockerfile").read_text()


def test_what_is_prepared_is_what_compose_asks_for(compose: dict[str, Any], tmp_path: Path) -> None:
    require_program("openssl")
    for name in ("nginx/parley.conf", "compose/parley-upstream.conf", "compose/prepare"):
        (tmp_path / "deploy" / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / "deploy" / name).write_bytes((ROOT / "deploy" / name).read_bytes())
    for _ in range(2):  # the second time, nothing is made anew
        command = ["sh", "deploy/compose/prepare", "chat.test"]
        subprocess.run(command, cwd=tmp_path, check=True, capture_output=True)
        password = (tmp_path / "deploy/compose/secrets/postgres-password").read_text()
    url = (tmp_path / "deploy/compose/secrets/database-url").read_text()
    assert url == f"postgresql://parley:{password}@postgres/parley"
    assert (tmp_path / "deploy/compose/secrets").stat().st_mode & 0o777 == 0o700
    named = [secret["file"] for secret in compose["secrets"].values()]
    named += [v.split(":")[0] for s in compose["services"].values() for v in s.get("volumes", [])]
    for path in (name for name in named if name.startswith("./")):
        assert (tmp_path / path).exists(), path
    assert "server_name chat.test;" in (tmp_path / "deploy/compose/parley.conf").read_text()
    assert (tmp_path / "deploy/compose/secrets/tls/fullchain.pem").exists()


def test_no_secret_gets_into_the_repository_or_the_image() -> None:
    for name in ("secrets/database-url", "secrets/tls/privkey.pem", "parley.conf"):
        ignored = ["git", "check-ignore", "--quiet", f"deploy/compose/{name}"]
        assert subprocess.run(ignored, cwd=ROOT).returncode == 0, name
    lines = (ROOT / ".dockerignore").read_text().splitlines()
    assert "*" in lines
    assert "!deploy" not in lines
