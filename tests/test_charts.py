"""Charts: lengths that are true, names that are there, nothing that a title could break out of."""

from __future__ import annotations

from xml.etree import ElementTree

from hypothesis import given
from hypothesis import strategies as st

from interviewer.web.charts import WIDTH, Stretch, bar, strip

FIGURES = st.floats(-1e6, 1e6)
TEXTS = st.text(st.characters(exclude_categories=["C"]), max_size=30)


def parts(chart: str, name: str) -> list[tuple[int, int]]:
    """Where the parts of that class begin, and how long they are."""
    found = [rect for rect in ElementTree.fromstring(chart) if rect.get("class") == name]
    return [(int(rect.get("x", "0")), int(rect.get("width", "0"))) for rect in found]


def test_a_bar_is_as_long_as_its_share() -> None:
    """Of a hundred unless told otherwise; at nothing there is no bar."""
    assert parts(bar(72), "full") == [(0, 720)]
    assert parts(bar(3, of=12), "full") == [(0, 250)]
    assert parts(bar(0), "full") == []
    assert parts(bar(72), "track") == [(0, WIDTH)]


def test_a_goal_is_a_tick_where_it_stands() -> None:
    """Four units wide, its middle at the goal."""
    assert parts(bar(20, goal=70), "goal") == [(698, 4)]
    assert parts(bar(20), "goal") == []


def test_stretches_lie_where_they_were() -> None:
    """Each with its class."""
    chart = strip([Stretch(start=0, end=30), Stretch(start=45, end=60, name="half")], of=60)
    assert parts(chart, "full") == [(0, 500)]
    assert parts(chart, "half") == [(750, 250)]


def test_a_chart_is_hidden_where_the_numbers_stand_beside_it_and_named_where_not() -> None:
    """Whoever hears the page hears the table once."""
    assert ElementTree.fromstring(bar(5)).get("aria-hidden") == "true"
    named = ElementTree.fromstring(bar(5, title="5 of 100"))
    assert (named.get("role"), named.get("aria-hidden")) == ("img", None)
    assert named[0].text == "5 of 100"


@given(st.lists(st.tuples(FIGURES, FIGURES), max_size=8), FIGURES, st.none() | FIGURES, TEXTS)
def test_no_figure_and_no_title_breaks_a_chart(
    stretches: list[tuple[float, float]], of: float, goal: float | None, title: str
) -> None:
    """It is well formed, without style or script of its own, and nothing filled lies outside."""
    chart = strip([Stretch(start=start, end=end) for start, end in stretches], of=of, goal=goal, title=title)
    drawn = ElementTree.fromstring(chart)
    assert {element.tag for element in drawn.iter()} <= {"svg", "rect", "title"}
    assert all("style" not in element.attrib for element in drawn.iter())
    assert all(start >= 0 and length > 0 and start + length <= WIDTH for start, length in parts(chart, "full"))
    assert drawn.findtext("title") == (title or None)
