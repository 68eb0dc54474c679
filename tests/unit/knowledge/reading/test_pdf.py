"""What a PDF says: its pages, its outline, its paragraphs."""

from tests.papers.pdf import make_pdf
from tests.unit.knowledge.reading.reports import read

SENTENCE = "The lighthouse at Alder Point was built in 1872 by the harbour office of the town."


def test_a_passage_knows_its_pages_and_its_heading() -> None:
    pages = [
        ["Building it", *[SENTENCE] * 6],
        [*[SENTENCE] * 6],
        ["Keeping it", "It is painted white every second year."],
    ]
    report = read("a.pdf", make_pdf(pages, outline=[("Building it", 0), ("Keeping it", 2)]))
    assert [(one.heading, one.place) for one in report.passages] == [
        ("Building it", "pages 1–2"),
        ("Keeping it", "page 3"),
    ]
    assert all(one.text in report.text for one in report.passages)


def test_lines_become_paragraphs_again() -> None:
    lines = [
        "The lamp was lit in the autumn of that year and it can still be seen from the ferr-",
        "ies that pass the point at night, as long as the fog from the north stays away.",
        "It is white.",
        "Boats keep to the left of it, and they have done so since the first chart was drawn.",
    ]
    first, second = read("a.pdf", make_pdf([lines])).text.strip().split("\n\n")
    assert "can still be seen from the ferries that pass" in first
    assert first.endswith("It is white.")
    assert second.startswith("Boats keep")


def test_what_only_repeats_on_every_page_is_left_out() -> None:
    pages = [["Harbour report 2024", f"Ship number {n} came in.", f"Page {n}"] for n in range(1, 8)]
    text = read("a.pdf", make_pdf(pages)).text
    assert "Ship number 3 came in." in text
    assert "Harbour report" not in text
    assert "Page 3" not in text


def test_the_dots_of_a_table_of_contents_are_left_out() -> None:
    text = read("a.pdf", make_pdf([["1 Introduction . . . . . . . . . 3"]])).text
    assert text.strip() == "1 Introduction … 3"


def test_pages_without_text_are_counted() -> None:
    report = read("a.pdf", make_pdf([["The buoy is green."], [], []]))
    assert report.documents[0].note == "2 of 3 pages had no selectable text and were left out."


def test_a_title_is_its_own_or_its_files() -> None:
    page = [["The buoy is green."]]
    assert read("a/the_buoy.pdf", make_pdf(page)).documents[0].title == "the buoy"
    assert read("b.pdf", make_pdf(page, title="On buoys")).documents[0].title == "On buoys"
    assert read("b.pdf", make_pdf(page, title="Microsoft Word")).documents[0].title == "b"
