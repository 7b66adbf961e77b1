from runtime.invariants.matrix import PAGE, page


def test_page_is_what_the_code_does() -> None:
    assert PAGE.read_text() == page(), "docs/fault-matrix.md is stale: run `make docs`"


def test_no_cell_is_empty() -> None:
    rows = [line for line in PAGE.read_text().splitlines() if line.startswith("| ")]
    assert len(rows) > 50
    assert all(cell.strip() for row in rows for cell in row.strip("|").split("|"))
