"""Makes Office, OpenDocument, EPUB and ZIP files by hand, whole and damaged."""

import io
import zipfile
from collections.abc import Mapping, Sequence

from openpyxl import Workbook

_W = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
_DC = 'xmlns:dc="http://purl.org/dc/elements/1.1/"'
_OFFICE = "urn:oasis:names:tc:opendocument:xmlns"
_ODF = (
    f'xmlns:office="{_OFFICE}:office:1.0" xmlns:text="{_OFFICE}:text:1.0" '
    f'xmlns:table="{_OFFICE}:table:1.0" {_DC}'
)
_A = 'xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main"'
_P = 'xmlns:p="http://schemas.openxmlformats.org/presentationml/2006/main"'
_R = 'xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"'
_RELS = 'xmlns="http://schemas.openxmlformats.org/package/2006/relationships"'
Parts = Mapping[str, str | bytes]


def make_zip(parts: Parts) -> bytes:
    """An archive of these members."""
    output = io.BytesIO()
    with zipfile.ZipFile(output, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in parts.items():
            archive.writestr(name, data)
    return output.getvalue()


def zip_bomb(megabytes: int) -> bytes:
    """A small archive with a file that unpacks to `megabytes`."""
    return make_zip({"notes.txt": b"0" * megabytes * 1024 * 1024})


def locked_zip(parts: Parts) -> bytes:
    """An archive that says of each member that it is encrypted."""
    data = bytearray(make_zip(parts))
    for magic, offset in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        at = data.find(magic)
        while at >= 0:
            data[at + offset] |= 1
            at = data.find(magic, at + 4)
    return bytes(data)


def make_docx(body: str, *, title: str = "", styles: str = "", **parts: str) -> bytes:
    """A Word file with this XML in its body; `word_p` and `word_table` write it."""
    document = f"<w:document {_W}><w:body>{body}</w:body></w:document>"
    core = f"<coreProperties {_DC}><dc:title>{title}</dc:title></coreProperties>"
    named = "".join(
        f'<w:style w:styleId="H{level}"><w:name w:val="heading {level}"/></w:style>'
        for level in (1, 2, 3)
    )
    return make_zip(
        {
            "[Content_Types].xml": "<Types/>",
            "word/document.xml": document,
            "word/styles.xml": f"<w:styles {_W}>{named}{styles}</w:styles>",
            "docProps/core.xml": core,
            **parts,
        }
    )


def word_p(text: str, *, style: str = "", item: bool = False) -> str:
    """A paragraph of a Word file."""
    marks = f'<w:pStyle w:val="{style}"/>' * bool(style) + "<w:numPr/>" * item
    return f"<w:p><w:pPr>{marks}</w:pPr><w:r><w:t>{text}</w:t></w:r></w:p>"


def word_table(rows: Sequence[Sequence[str]]) -> str:
    """A table of a Word file."""
    cells = ["".join(f"<w:tc>{word_p(cell)}</w:tc>" for cell in row) for row in rows]
    return f"<w:tbl>{''.join(f'<w:tr>{row}</w:tr>' for row in cells)}</w:tbl>"


def make_odt(body: str, *, title: str = "", manifest: str = "") -> bytes:
    """An OpenDocument text with this XML in its body."""
    return _open_document("text", body, title, manifest)


def make_ods(tables: Mapping[str, str], *, title: str = "", manifest: str = "") -> bytes:
    """An OpenDocument workbook: the XML of the rows of each table; `ods_row` writes one."""
    body = "".join(
        f'<table:table table:name="{name}"><table:table-column/>{rows}</table:table>'
        for name, rows in tables.items()
    )
    return _open_document("spreadsheet", body, title, manifest)


def ods_row(*cells: str, row: str = "", cell: str = "") -> str:
    """A row of an OpenDocument workbook; `row` and `cell` are attributes of it and of its cells."""
    texts = [f"<text:p>{text}</text:p>" if text else "" for text in cells]
    written = "".join(f"<table:table-cell {cell}>{text}</table:table-cell>" for text in texts)
    return f"<table:table-row {row}>{written}</table:table-row>"


def _open_document(kind: str, body: str, title: str, manifest: str) -> bytes:
    content = f"<office:document-content {_ODF}><office:body><office:{kind}>{body}"
    meta = f"<office:document-meta {_ODF}><office:meta><dc:title>{title}</dc:title>"
    return make_zip(
        {
            "mimetype": f"application/vnd.oasis.opendocument.{kind}",
            "content.xml": f"{content}</office:{kind}></office:body></office:document-content>",
            "meta.xml": f"{meta}</office:meta></office:document-meta>",
            "META-INF/manifest.xml": manifest or "<manifest/>",
        }
    )


def make_xlsx(sheets: Mapping[str, Sequence[Sequence[object]]]) -> bytes:
    """A workbook of these sheets."""
    book = Workbook()
    book.remove(book.active)
    for name, rows in sheets.items():
        sheet = book.create_sheet(name)
        for row in rows:
            sheet.append(list(row))
    output = io.BytesIO()
    book.save(output)
    return output.getvalue()


def make_pptx(slides: Sequence[tuple[str, Sequence[str]]], *, title: str = "") -> bytes:
    """A presentation: each slide with a title and the lines of its text."""
    ids = "".join(f'<p:sldId id="{255 + n}" r:id="rId{n}"/>' for n, _ in enumerate(slides, 1))
    links = "".join(
        f'<Relationship Id="rId{n}" Target="slides/slide{n}.xml"/>' for n, _ in enumerate(slides, 1)
    )
    parts = {
        "ppt/presentation.xml": f"<p:presentation {_P} {_R}><p:sldIdLst>{ids}</p:sldIdLst>"
        "</p:presentation>",
        "ppt/_rels/presentation.xml.rels": f"<Relationships {_RELS}>{links}</Relationships>",
        "docProps/core.xml": f"<core {_DC}><dc:title>{title}</dc:title></core>",
    }
    for number, (headline, lines) in enumerate(slides, 1):
        shapes = _shape("title", [headline]) + _shape("body", lines)
        parts[f"ppt/slides/slide{number}.xml"] = f"<p:sld {_P} {_A}>{shapes}</p:sld>"
    return make_zip(parts)


def _shape(kind: str, lines: Sequence[str]) -> str:
    texts = "".join(f"<a:p><a:r><a:t>{line}</a:t></a:r></a:p>" for line in lines)
    return (
        f'<p:sp><p:nvSpPr><p:nvPr><p:ph type="{kind}"/></p:nvPr></p:nvSpPr>'
        f"<p:txBody>{texts}</p:txBody></p:sp>"
    )


def make_epub(chapters: Sequence[str], *, title: str = "", **parts: str) -> bytes:
    """A book whose chapters are these pieces of HTML."""
    items = "".join(
        f'<item id="c{n}" href="text/c{n}.xhtml" media-type="application/xhtml+xml"/>'
        for n, _ in enumerate(chapters)
    )
    refs = "".join(f'<itemref idref="c{n}"/>' for n, _ in enumerate(chapters))
    package = (
        f"<package {_DC}><metadata><dc:title>{title}</dc:title></metadata>"
        f"<manifest>{items}</manifest><spine>{refs}</spine></package>"
    )
    pages = {
        f"OEBPS/text/c{n}.xhtml": f"<html><head><title>x</title></head><body>{html}</body></html>"
        for n, html in enumerate(chapters)
    }
    container = (
        '<container><rootfiles><rootfile full-path="OEBPS/book.opf"/></rootfiles></container>'
    )
    return make_zip(
        {
            "mimetype": "application/epub+zip",
            "META-INF/container.xml": container,
            "OEBPS/book.opf": package,
            **pages,
            **parts,
        }
    )
