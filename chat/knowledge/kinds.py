"""The kinds of files that are read: their names for people, their suffixes, and how they are cut.

Keeps true: a kind is in this table or it is not read. `form` says what the text of such a document
is: Markdown (its own, or made from the file's structure), plain text, or code. Imports nothing of
Parley.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import PurePath
from typing import Literal

Form = Literal["markdown", "plain", "code"]


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of file; `suffixes` are those that its name may end with, the usual one first."""

    name: str
    label: str
    suffixes: tuple[str, ...]
    form: Form = "markdown"


_CODE = """.py .js .ts .jsx .tsx .mjs .css .scss .sh .bash .sql .c .h .cpp .hpp .cc .cs .java .kt
    .go .rs .rb .php .pl .lua .r .jl .swift .scala .clj .ex .exs .erl .hs .ml .vue .svelte .json
    .yaml .yml .toml .ini .cfg .conf .xml .proto .graphql .tf .ps1 .bat .dockerfile .makefile .diff
    .patch"""
_TABLE = (
    Kind("markdown", "Markdown", (".md", ".markdown")),
    Kind("text", "Text", (".txt", ".text", ".log"), "plain"),
    Kind("pdf", "PDF", (".pdf",)),
    Kind("docx", "Word", (".docx", ".docm")),
    Kind("odt", "OpenDocument", (".odt",)),
    Kind("xlsx", "Excel", (".xlsx", ".xlsm")),
    Kind("ods", "OpenDocument table", (".ods",)),
    Kind("csv", "CSV", (".csv", ".tsv")),
    Kind("pptx", "PowerPoint", (".pptx", ".pptm", ".ppsx")),
    Kind("epub", "EPUB", (".epub",)),
    Kind("html", "HTML", (".html", ".htm", ".xhtml")),
    Kind("code", "Source code", tuple(_CODE.split()), "code"),
    Kind("zip", "ZIP archive", (".zip",)),
)
KINDS: Mapping[str, Kind] = {kind.name: kind for kind in _TABLE}
SUFFIXES: Mapping[str, Kind] = {suffix: kind for kind in _TABLE for suffix in kind.suffixes}
_NAMES = {"dockerfile": KINDS["code"], "makefile": KINDS["code"]}
READABLE = "PDF, Word, Excel, PowerPoint, OpenDocument, EPUB, HTML, Markdown, text, CSV, code, ZIP"


def kind_of_name(name: str) -> Kind | None:
    """The kind that a file's name promises; None when its ending is not known."""
    path = PurePath(name.lower())
    return SUFFIXES.get(path.suffix) or _NAMES.get(path.name)


def form_of(kind: str) -> Form:
    """How the text of a document of this kind is written; plain where the kind is not known."""
    return KINDS[kind].form if kind in KINDS else "plain"


def label_of(kind: str) -> str:
    """What people call a kind."""
    return KINDS[kind].label if kind in KINDS else kind.capitalize()
