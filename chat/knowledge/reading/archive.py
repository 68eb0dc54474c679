"""The inside of files that are ZIP archives: Office files, EPUB, OpenDocument and ZIP itself.

Keeps true: no more than a bound is ever unpacked, whatever the archive says of itself; a member is
found only by its exact name, and nothing is written to the disk. Imports refusals.
"""

import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from typing import BinaryIO
from xml.etree.ElementTree import Element, ParseError

from defusedxml import DefusedXmlException
from defusedxml.ElementTree import fromstring

from chat.knowledge.reading.refusals import Refused, broken, protected

MOST_UNPACKED = 200 * 1024 * 1024  # bytes, over everything that is taken out
MOST_MEMBERS = 10_000
_RATIO = 200  # no text of an office shrinks to less than a two-hundredth
_SMALL = 10 * 1024 * 1024  # of which that is not asked
_PIECE = 1024 * 1024


class Archive:
    """An archive that is read within bounds; `Refused` says what is wrong with it."""

    def __init__(self, file: BinaryIO) -> None:
        with _understood():
            self._zip = zipfile.ZipFile(file)
        members = self._zip.infolist()
        if len(members) > MOST_MEMBERS:
            raise Refused("bomb", f"It holds {len(members)} files. {_BOMB}")
        if sum(member.file_size for member in members) > MOST_UNPACKED:
            raise _bomb(sum(member.file_size for member in members))
        self.names = [member.filename for member in members if not member.is_dir()]
        self._known = set(self.names)
        self._left = MOST_UNPACKED

    def __contains__(self, name: str) -> bool:
        return name in self._known

    def read(self, name: str) -> bytes:
        """The bytes of a member. Refused when it is missing, damaged, protected or too large."""
        with _understood():
            try:
                member = self._zip.getinfo(name)
            except KeyError:
                raise broken(f"its part {name[:80]} is missing") from None
            if member.flag_bits & 0x1:
                raise protected()
            with self._zip.open(member) as stream:
                return self._drain(stream, max(member.compress_size * _RATIO, _SMALL))

    def xml(self, name: str) -> Element:
        """The root of a member that is XML; entities and document types of its own are refused."""
        return parsed(self.read(name), name)

    def _drain(self, stream: object, most: int) -> bytes:
        pieces, size = [], 0
        while piece := stream.read(_PIECE):  # type: ignore[attr-defined]
            size += len(piece)
            self._left -= len(piece)
            if size > most or self._left < 0:
                raise _bomb(None)
            pieces.append(piece)
        return b"".join(pieces)


def parsed(data: bytes, name: str) -> Element:
    """The root of a piece of XML."""
    try:
        root: Element = fromstring(data, forbid_dtd=False)
    except DefusedXmlException:
        raise Refused(
            "bomb", "It defines entities of its own, which no program writes. Save it anew."
        ) from None
    except (ParseError, ValueError, LookupError):
        raise broken(f"its part {name[:80]} is not XML") from None
    return root


_BOMB = "That is no archive of documents. Unpack it and add what you need of it."


def _bomb(size: int | None) -> Refused:
    if size is None:
        return Refused("bomb", f"It unpacks to far more than it says. {_BOMB}")
    return Refused("bomb", f"It unpacks to {size / 1024 / 1024:,.0f} MB. {_BOMB}")


@contextmanager
def _understood() -> Iterator[None]:
    """Turns the ways in which zipfile says that an archive is damaged into one."""
    try:
        yield
    except (zipfile.BadZipFile, zlib.error, EOFError, OSError, ValueError, UnicodeError) as error:
        raise broken("its ZIP archive is cut off or changed") from error
    except (NotImplementedError, RuntimeError) as error:
        if "encrypted" in str(error) or "password" in str(error):
            raise protected() from None
        raise broken("its ZIP archive is packed in a way that is not known") from error


def children(element: Element, name: str) -> Iterator[Element]:
    """The children of an element by their name without namespace."""
    return (child for child in element if local(child) == name)


def local(element: Element) -> str:
    """The name of an element without its namespace."""
    return element.tag.rpartition("}")[2] if isinstance(element.tag, str) else ""


def attribute(element: Element, name: str) -> str:
    """An attribute by its name without namespace; empty when there is none."""
    for key, value in element.attrib.items():
        if key.rpartition("}")[2] == name:
            return value
    return ""


def inside(element: Element, name: str) -> Iterator[Element]:
    """All elements below by their name without namespace, in the order of the document."""
    return (child for child in element.iter() if local(child) == name)
