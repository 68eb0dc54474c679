"""The page's libraries are the ones that the manifest names, unchanged."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path

VENDOR = Path(__file__).resolve().parents[2] / "static" / "vendor"
LIBRARIES = json.loads((VENDOR / "manifest.json").read_text())["libraries"]
FILES = {file["path"]: file["sha256"] for library in LIBRARIES for file in library["files"]}


def test_every_file_is_what_its_package_held() -> None:
    assert FILES
    for path, digest in FILES.items():
        assert hashlib.sha256((VENDOR / path).read_bytes()).hexdigest() == digest, path


def test_every_library_brings_its_licence_and_its_exact_version() -> None:
    for library in LIBRARIES:
        assert any(file["path"].endswith(".LICENSE") for file in library["files"]), library["name"]
        assert library["version"].replace(".", "").isdecimal(), library["name"]


def test_nothing_else_is_in_the_folder() -> None:
    ours = {"manifest.json"} | {path.name for path in VENDOR.glob("*.d.ts")}
    assert {path.name for path in VENDOR.iterdir()} == set(FILES) | ours
