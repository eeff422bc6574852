"""Tables of assignments, as Excel, Numbers, Google and people in a hurry write them."""

import csv
import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.assignment_sheet import COLUMNS, MOST_LINES, SheetUnreadable, read_required, read_sheet

HEADER = "title,due,required,link,description,remind"
ONE = {"title": "Attention", "due": "내일 18:00"}


def told(data: bytes | str):
    lines = read_sheet(data.encode() if isinstance(data, str) else data)
    return [{column: cell for column, cell in line.cells.items() if cell} for line in lines]


@pytest.mark.parametrize(
    "text",
    [
        "title,due\nAttention,내일 18:00",
        "title,due\r\nAttention,내일 18:00\r\n",
        "title,due\rAttention,내일 18:00\r",
        "title;due\nAttention;내일 18:00\n",
        "title\tdue\nAttention\t내일 18:00\n",
        "sep=;\r\ntitle;due\r\nAttention;내일 18:00\r\n",
        "\n\ntitle,due\n\n,\nAttention,내일 18:00\n,,,\n\n",
        '"title","due"\n"Attention","내일 18:00"\n',
        " Title , DUE \n Attention , 내일 18:00 \n",
        "제목,마감\nAttention,내일 18:00",
        "마감일;과제명;필수여부\n내일 18:00;Attention;",
        "title,due,,\nAttention,내일 18:00,,",
    ],
)
def test_every_way_to_write_it_says_the_same(text):
    assert told(text) == [ONE]
    assert told(b"\xef\xbb\xbf" + text.encode()) == [ONE]
    assert told(text.encode("utf-16")) == [ONE]
    assert told(text.encode("cp949")) == [ONE]


def test_lines_are_counted_as_an_editor_counts_them():
    text = 'title,due,description\r\n\r\nA,x,"하나\r\n둘\r\n\r\n넷"\r\n\r\nB,y,\r\n'
    lines = read_sheet(text.encode())
    assert [line.number for line in lines] == [3, 8]
    assert lines[0].cells["description"] == "하나\n둘\n\n넷"


def test_what_stands_in_no_column_is_noticed():
    assert [line.extra for line in read_sheet(b"title,due,\na,b\na,b,\na,b,c\na,b,,d")] == [False, False, True, True]


@pytest.mark.parametrize(
    ("data", "kind", "text", "line"),
    [
        (b"", "empty", "", 0),
        (b"\n \n", "empty", "", 0),
        (b"title,due\n\n", "empty", "", 0),
        (b"due,link\nx,y", "missing", "title", 1),
        (b"\ntitle\nx", "missing", "due", 2),
        (b"title,due,grade\nx,y,z", "unknown", "grade", 1),
        (b"title,due,Title\nx,y,z", "twice", "title", 1),
        (b'title,due\na,b\n"c,d\ne,f', "quotes", "", 3),
        (b'title,due\n"a"b,c', "quotes", "", 2),
        (b"PK\x03\x04\x00\x00", "text", "", 0),
        (b"\xff\xfe\x00", "text", "", 0),
        (b"\xf0\x28\x8c\x28", "text", "", 0),
        (b"sep=;;\ntitle,due", "quotes", "", 1),
    ],
)
def test_what_is_no_such_table_is_refused_with_the_reason(data, kind, text, line):
    with pytest.raises(SheetUnreadable) as refused:
        read_sheet(data)
    assert (refused.value.kind, refused.value.text, refused.value.line) == (kind, text, line)


def test_a_thousand_lines_are_read_and_no_more():
    table = "title,due\n" + "a,b\n" * MOST_LINES
    assert len(read_sheet(table.encode())) == MOST_LINES
    with pytest.raises(SheetUnreadable, match="long"):
        read_sheet((table + "a,b\n").encode())


@pytest.mark.parametrize(
    ("cell", "required"), [("", True), ("YES", True), ("필수", True), ("0", False), ("선택", False), ("글쎄", None)]
)
def test_required_is_yes_unless_somebody_says_no(cell, required):
    assert read_required(cell) is required


cells = st.text(st.characters(codec="utf-8", exclude_characters="\x00"), max_size=20)


@given(
    rows=st.lists(st.tuples(*[cells] * len(COLUMNS)), min_size=1, max_size=6),
    order=st.permutations(list(COLUMNS)),
    delimiter=st.sampled_from([",", ";", "\t"]),
    ending=st.sampled_from(["\r\n", "\n"]),
    mark=st.booleans(),
)
def test_what_a_spreadsheet_writes_is_read_back(rows, order, delimiter, ending, mark):
    file = io.StringIO(newline="")
    writer = csv.writer(file, delimiter=delimiter, lineterminator=ending, quoting=csv.QUOTE_ALL)
    writer.writerows([order, *rows])
    wanted = [tuple(cell.replace("\r\n", "\n").replace("\r", "\n").strip() for cell in row) for row in rows]
    wanted = [row for row in wanted if any(row)]
    data = file.getvalue().encode("utf-8-sig" if mark else "utf-8")
    if not wanted:
        with pytest.raises(SheetUnreadable, match="empty"):
            read_sheet(data)
        return
    assert [tuple(line.cells[column] for column in order) for line in read_sheet(data)] == wanted


@given(st.binary(max_size=200) | st.text(max_size=200).map(lambda text: f"{HEADER}\n{text}".encode("utf-8", "replace")))
def test_whatever_is_in_a_file_it_is_read_or_refused(data):
    try:
        lines = read_sheet(data)
    except SheetUnreadable:
        return
    assert lines
    assert all(set(line.cells) <= set(COLUMNS) for line in lines)
