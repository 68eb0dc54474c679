"""Wheels of what is installed here, so that pip can install it again without a network."""

import re
import zipfile
from collections.abc import Iterable
from importlib.metadata import Distribution, distribution
from pathlib import Path

from packaging.markers import default_environment
from packaging.requirements import Requirement


def pack(requirements: Iterable[str], folder: Path) -> None:
    """Write a wheel for each requirement, and for what it requires."""
    folder.mkdir()
    waiting, packed = [Requirement(line) for line in requirements], set()
    while waiting:
        wanted = waiting.pop()
        name = re.sub(r"[-_.]+", "-", wanted.name).lower()
        here = distribution(wanted.name)
        if name not in packed:
            packed.add(name)
            _write(here, folder)
        waiting += [r for r in _needed(here, wanted.extras) if _key(r) not in packed]


def _key(requirement: Requirement) -> str:
    return re.sub(r"[-_.]+", "-", requirement.name).lower()


def _needed(of: Distribution, extras: Iterable[str]) -> list[Requirement]:
    """What it requires on this machine, with these extras."""
    requirements = [Requirement(line) for line in of.requires or []]
    environments = [{**default_environment(), "extra": extra} for extra in ["", *extras]]
    return [
        requirement
        for requirement in requirements
        if requirement.marker is None or any(map(requirement.marker.evaluate, environments))
    ]


def _write(of: Distribution, folder: Path) -> None:
    tags = [line[5:] for line in (of.read_text("WHEEL") or "").splitlines() if line[:4] == "Tag:"]
    tag = tags[0] if len(tags) == 1 else _joined(tags)
    name = f"{re.sub(r'[-.]+', '_', of.name)}-{of.version}-{tag}.whl"
    with zipfile.ZipFile(folder / name, "w") as wheel:
        for file in of.files or []:
            if ".." not in file.parts and file.suffix != ".pyc":
                wheel.write(str(file.locate()), str(file))


def _joined(tags: list[str]) -> str:
    """Several tags as one, as the name of a wheel has them: py2.py3-none-any."""
    parts = zip(*(tag.split("-") for tag in tags), strict=True)
    return "-".join(".".join(dict.fromkeys(part)) for part in parts)


def stand_in(name: str, version: str, code: str, folder: Path) -> None:
    """Write a wheel of one module, for what another Python than this one requires."""
    about = f"{name}-{version}.dist-info"
    with zipfile.ZipFile(folder / f"{name}-{version}-py3-none-any.whl", "w") as wheel:
        wheel.writestr(f"{name}.py", code)
        metadata = f"Metadata-Version: 2.1\nName: {name}\nVersion: {version}\n"
        wheel.writestr(f"{about}/METADATA", metadata)
        tag = "Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n"
        wheel.writestr(f"{about}/WHEEL", tag)
        wheel.writestr(f"{about}/RECORD", "")
