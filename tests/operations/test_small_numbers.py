"""Small numbers are withheld with what would give them away: in their row, in their column, and reckoned."""

from goldenthread.measures.slices import Slice
from goldenthread.reporting.blocks import Cell, Chapter, Chart, Report, Table, Words
from goldenthread.reporting.small import NOT_SHOWN, withheld, without_small


def table(*rows):
    """A table of rows, each a name with counts that lead to audits, and words such as shares."""
    return Table("Grades", (), tuple((Cell(name), *map(cell, values)) for name, *values in rows))


def cell(value):
    return Cell(str(value), Slice() if isinstance(value, int) else None, numeric=True)


def shown(block):
    return [[one.text for one in row] for row in block.rows]


def report(*blocks):
    return Report("Title", "As at today.", (Chapter("grades", "Grades", blocks),))


def test_nothing_changes_where_no_number_is_small():
    whole = report(Words("As drawn."), Chart("Grades", "12", "<svg/>"), table(("North", 12, 7, 5, 0)))

    assert without_small(whole, 5).chapters == whole.chapters
    assert without_small(report(table(("North", 1))), 0) == report(table(("North", 1)))


def test_a_number_alone_in_its_row_or_column_takes_another_with_it():
    found = withheld(table(("North", 20, 18, 2), ("South", 30, 20, 10), ("West", 40, 10, 30)), 5)

    assert found == {(0, 2), (0, 3), (2, 2), (2, 3)}  # North and West, at both grades


def test_no_line_holds_one_withheld_number_alone():
    found = withheld(table(("North", 9, 9, 0), ("South", 30, 26, 4), ("West", 3, 3, 0)), 5)

    for axis in (0, 1):
        for line in {place[axis] for place in found}:
            assert sum(place[axis] == line for place in found) > 1, (axis, line)


def test_what_is_withheld_leads_nowhere_and_shares_of_its_row_go_too():
    block = table(("North", 20, 18, 2, "90% (70% to 97%)"), ("South", 30, 20, 10, "67% (49% to 81%)"))
    found = without_small(report(block), 5)
    (small,) = found.chapters[0].blocks

    assert "Numbers below 5 are not shown" in found.subtitle
    assert shown(small)[0] == ["North", "20", NOT_SHOWN, NOT_SHOWN, NOT_SHOWN]
    assert all(one.piece is None for one in small.rows[0] if one.text == NOT_SHOWN)


def test_a_share_whose_numbers_stand_nowhere_is_not_shown():
    found = without_small(report(table(("Sent", 20, 18), ("Good", "2 of 20", "90%"))), 5)

    assert shown(found.chapters[0].blocks[0]) == [["Sent", "20", "18"], ["Good", NOT_SHOWN, NOT_SHOWN]]


def test_the_chart_and_the_sentences_with_such_numbers_go_as_well():
    blocks = (
        Words("2 sent.", counts=True),
        Words("As drawn."),
        Chart("Grades", "2", "<svg/>"),
        table(("N", 2)),
    )
    (chapter,) = without_small(report(*blocks), 5).chapters

    assert chapter.blocks[0] == Words("As drawn.")
    assert [type(one) for one in chapter.blocks] == [Words, Table]


def test_what_is_withheld_of_a_line_is_not_small_together():
    """Of 20 with 18 good, one below and one not graded, the two would be known from the whole."""
    found = withheld(table(("North", 20, 18, 1, 1), ("South", 40, 20, 10, 10)), 3)

    assert {(0, 2), (0, 3), (0, 4)} <= found and (0, 1) not in found
    for column in (2, 3, 4):
        assert (1, column) in found


def test_small_numbers_beside_zeros_alone_take_the_zeros_with_them():
    assert withheld(table(("North", 0, 0, 1, 1)), 3) == {(0, column) for column in (1, 2, 3, 4)}
