"""Makes PDFs by hand: with text, with an outline, scanned, protected, and of many pages."""

import io
import zlib
from collections.abc import Sequence

from pypdf import PdfReader, PdfWriter

Outline = Sequence[tuple[str, int]]  # label, page from 0


def make_pdf(pages: Sequence[Sequence[str]], *, title: str = "", outline: Outline = ()) -> bytes:
    """A PDF of these pages, each a list of lines."""
    objects: dict[int, bytes] = {3: b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>"}
    first = 10
    kids = []
    for number, lines in enumerate(pages):
        page, content = first + 2 * number, first + 2 * number + 1
        kids.append(f"{page} 0 R")
        objects[page] = (
            f"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents {content} 0 R "
            "/Resources << /Font << /F1 3 0 R >> >> >>"
        ).encode()
        objects[content] = _stream(_drawn(lines))
    objects[1] = b"<< /Type /Catalog /Pages 2 0 R >>"
    objects[2] = f"<< /Type /Pages /Count {len(pages)} /Kids [{' '.join(kids)}] >>".encode()
    objects[4] = f"<< /Title ({title}) >>".encode()
    plain = _file(objects)
    return _outlined(plain, outline) if outline else plain


def scanned_pdf(pages: int) -> bytes:
    """Pages that hold a picture and no text."""
    writer = PdfWriter(io.BytesIO(make_pdf([[]] * pages)))
    return _bytes(writer)


def protected_pdf(lines: Sequence[str], password: str) -> bytes:
    """A PDF that opens only with a password."""
    writer = PdfWriter(io.BytesIO(make_pdf([lines])))
    writer.encrypt(password, algorithm="AES-256")
    return _bytes(writer)


def unfolding_pdf(megabytes: int) -> bytes:
    """A PDF whose only page unpacks to `megabytes`."""
    whole = make_pdf([["x"]])
    bomb = zlib.compress(b" " * megabytes * 1024 * 1024, 9)
    begin = whole.index(b"11 0 obj")
    stream = b"11 0 obj\n<< /Filter /FlateDecode /Length %d >>\nstream\n" % len(bomb)
    return whole[:begin] + stream + bomb + b"\nendstream\nendobj\n" + whole[begin:].partition(
        b"endobj\n"
    )[2]  # fmt: skip


def _drawn(lines: Sequence[str]) -> bytes:
    rows = [f"({_escaped(line)}) Tj 0 -16 Td" for line in lines]
    text = "BT /F1 11 Tf 60 780 Td " + "\n".join(rows) + " ET"
    return (text if lines else "0.5 g 60 60 400 600 re f").encode("latin-1", "replace")


def _escaped(text: str) -> str:
    return text.replace("\\", "\\\\").replace("(", "\\(").replace(")", "\\)")


def _stream(data: bytes) -> bytes:
    packed = zlib.compress(data)
    head = f"<< /Filter /FlateDecode /Length {len(packed)} >>\nstream\n"
    return head.encode() + packed + b"\nendstream"


def _file(objects: dict[int, bytes]) -> bytes:
    data, places = b"%PDF-1.7\n", {}
    for number, body in sorted(objects.items()):
        places[number] = len(data)
        data += b"%d 0 obj\n" % number + body + b"\nendobj\n"
    start, size = len(data), max(objects) + 1
    rows = [b"0000000000 65535 f \n"]
    rows += [
        b"%010d 00000 n \n" % places[number] if number in places else b"0000000000 00000 f \n"
        for number in range(1, size)
    ]
    trailer = b"trailer\n<< /Size %d /Root 1 0 R /Info 4 0 R >>\nstartxref\n%d\n%%%%EOF\n"
    return data + b"xref\n0 %d\n" % size + b"".join(rows) + trailer % (size, start)


def _outlined(plain: bytes, outline: Outline) -> bytes:
    writer = PdfWriter(clone_from=PdfReader(io.BytesIO(plain)))
    for label, page in outline:
        writer.add_outline_item(title=label, page_number=page)
    return _bytes(writer)


def _bytes(writer: PdfWriter) -> bytes:
    output = io.BytesIO()
    writer.write(output)
    return output.getvalue()
