"""Twenty files of all the kinds that a library meets, each with what has to become of it."""

from dataclasses import dataclass

from tests.papers import office
from tests.papers.pdf import make_pdf, protected_pdf, scanned_pdf

_FACT = "The {} is inspected every {} days by the harbour team, and its lamp is changed in May."


@dataclass(frozen=True, slots=True)
class Paper:
    """A file; `place` is where the fact of it stands, `reason` why it is not read."""

    name: str
    data: bytes
    place: str = ""
    reason: str = ""


def twenty() -> list[Paper]:
    """The files, the one of 500 pages among the first."""
    return [*_pdfs(), *_office(), *_texts(), *_refused()]


def fact(subject: str) -> str:
    """A sentence that can be asked for."""
    return _FACT.format(subject, 10 + len(subject))


def _pdfs() -> list[Paper]:
    filler = [f"Row {n} of the log of this day says that nothing happened." for n in range(8)]
    long = [[f"Log of day {page}", *filler, f"{page}"] for page in range(1, 501)]
    long[411].insert(4, fact("long pier"))
    short = [["Piers", *filler], ["Buoys", fact("old buoy")]]
    return [
        Paper("long.pdf", make_pdf(long), "page 412"),
        Paper("short.pdf", make_pdf(short, outline=[("Piers", 0), ("Buoys", 1)]), "page 2"),
    ]


def _office() -> list[Paper]:
    word = office.word_p("Rules", style="H1") + office.word_p(fact("word crane"))
    odf = f'<text:h text:outline-level="1">Rules</text:h><text:p>{fact("open crane")}</text:p>'
    rows = [["Thing", "Says"], *[[f"Part {n}", "nothing"] for n in range(40)]]
    rows.insert(30, ["Pump", fact("sheet pump")])
    slides = [("Aims", ["Ship it", "Sleep"]), ("Lamps", [fact("slide lamp"), "Be careful"])]
    chapters = ["<h1>One</h1><p>Nothing yet.</p>", f"<h1>Two</h1><p>{fact('book bell')}</p>"]
    return [
        Paper("word.docx", office.make_docx(word, title="Rules of the crane")),
        Paper("open.odt", office.make_odt(odf)),
        Paper("sheet.xlsx", office.make_xlsx({"Parts": rows}), "sheet Parts, rows"),
        Paper("slides.pptx", office.make_pptx(slides), "slide 2"),
        Paper("book.epub", office.make_epub(chapters, title="The bell")),
    ]


def _texts() -> list[Paper]:
    page = f"<!doctype html><title>Page</title><nav>Menu</nav><p>{fact('page gate')}</p>"
    table = f"Thing,Says\nGate,{fact('table gate').replace(',', ';')}\n"
    code = f'def lamp():\n    """{fact("code lamp")}"""\n    return 1\n'
    files = {"a/one.md": f"# One\n\n{fact('packed door')}", "b/two.txt": "Two is a text."}
    return [
        Paper("notes.md", f"# Notes\n\n{fact('noted wall')}\n".encode()),
        Paper("plain.txt", fact("plain wall").encode()),
        Paper("page.html", page.encode()),
        Paper("table.csv", table.encode(), "rows 1–2"),
        Paper("code.py", code.encode(), "lines 1–3"),
        Paper("packed.zip", office.make_zip(files)),
    ]


def _refused() -> list[Paper]:
    whole = make_pdf([[fact("lost key")]])
    return [
        Paper("broken.pdf", whole[: len(whole) // 3], reason="broken"),
        Paper("scanned.pdf", scanned_pdf(12), reason="no_text"),
        Paper("locked.pdf", protected_pdf([fact("locked box")], "secret"), reason="password"),
        Paper("bomb.zip", office.zip_bomb(400), reason="bomb"),
        Paper("misnamed.docx", whole, reason="wrong_name"),
        Paper("empty.txt", b"", reason="empty"),
        Paper("drawing.dwg", b"AC1032\x00\x00\x00" + bytes(100), reason="unknown_kind"),
    ]
