"""OpenDocument workbooks: rows that can be found and quoted, and counts that cost nothing."""

import time

from tests.papers.office import make_ods, ods_row
from tests.unit.knowledge.reading.reports import read

HEAD = ods_row("Department", "Budget")


def test_a_row_names_its_columns_its_sheet_and_its_place() -> None:
    rows = "".join(ods_row(f"Team {n}", f"{n * 100}") for n in range(2, 60))
    book = make_ods({"Budget": HEAD + rows, "Notes": ods_row("Approved in May")}, title="Money")
    report = read("a.ods", book)
    assert (report.documents[0].title, report.documents[0].kind) == ("Money", "ods")
    first, second, notes = report.passages
    assert first.place == "sheet Budget, rows 1–30"
    assert second.text.startswith("- Department: Team 31; Budget: 3100\n")
    assert (notes.place, notes.text) == ("sheet Notes, row 1", "- Approved in May")


def test_what_is_repeated_keeps_its_rows_and_columns() -> None:
    gap = ods_row("", row='table:number-rows-repeated="20"')
    twice = ods_row("yes", cell='table:number-columns-repeated="2"')
    report = read("a.ods", make_ods({"S": HEAD + gap + twice}))
    assert "- Department: yes; Budget: yes" in report.text
    assert report.passages[-1].place == "sheet S, rows 1–22"


def test_a_million_empty_rows_and_columns_cost_nothing() -> None:
    wide = ods_row("", row='table:number-rows-repeated="1048570"',
                   cell='table:number-columns-repeated="16384"')  # fmt: skip
    began = time.process_time()
    report = read("a.ods", make_ods({"S": HEAD + ods_row("A", "1") + wide}))
    assert time.process_time() - began < 1
    assert report.text.count("\n- ") == 1


def test_a_row_that_says_it_is_there_a_million_times_is_there_a_hundred_times() -> None:
    many = ods_row("A", "1", row='table:number-rows-repeated="1000000"')
    assert read("a.ods", make_ods({"S": HEAD + many})).text.count("Department: A") == 100


def test_groups_headers_notes_and_broken_counts_are_read_as_people_see_them() -> None:
    note = "<office:annotation><text:p>Hidden</text:p></office:annotation>"
    cell = f"<table:table-cell>{note}<text:p>Open</text:p><text:p>daily</text:p></table:table-cell>"
    rows = (
        f"<table:table-header-rows>{HEAD}</table:table-header-rows>"
        f"<table:table-row-group><table:table-row>{cell}<table:covered-table-cell/>"
        "</table:table-row></table:table-row-group>"
        + ods_row("B", "2", row='table:number-rows-repeated="-3"')
    )
    text = read("a.ods", make_ods({"S": rows})).text
    assert "- Department: Open daily\n" in text
    assert "- Department: B; Budget: 2" in text
    assert "Hidden" not in text
