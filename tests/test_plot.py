"""The scatter plot as a picture file: well-formed, labelled, and true to the pairs it is given."""

from __future__ import annotations

from xml.etree import ElementTree

import pytest

from interviewer.grading.plot import scatter

SVG = "{http://www.w3.org/2000/svg}"


def picture(*scores: tuple[float, float], name: str = "answers", pearson: float | None = 0.5) -> ElementTree.Element:
    """A plot, parsed."""
    return ElementTree.fromstring(scatter(scores, name=name, pearson=pearson))


def dots(svg: ElementTree.Element) -> dict[tuple[str, str], float]:
    """Radius of each dot by its place."""
    return {(dot.attrib["cx"], dot.attrib["cy"]): float(dot.attrib["r"]) for dot in svg.iter(f"{SVG}circle")}


def test_people_go_to_the_right_and_the_grader_upwards() -> None:
    """SVG counts y downwards: full marks by the grader are at the top."""
    assert set(dots(picture((1.0, 0.0)))) == {("64", "64")}
    assert set(dots(picture((0.0, 1.0)))) == {("464", "464")}
    assert set(dots(picture((0.25, 0.5)))) == {("264", "364")}


def test_equal_pairs_make_one_larger_dot() -> None:
    """Area goes by count: four times as many, twice the radius."""
    drawn = dots(picture((0.5, 0.5), (0.5, 0.5), (0.5, 0.5), (0.5, 0.5), (1.0, 1.0)))
    assert drawn[("264", "264")] == pytest.approx(2 * drawn[("464", "64")])


@pytest.mark.parametrize(("pearson", "says"), [(0.61234, "Pearson 0.612"), (None, "Pearson n/a")])
def test_the_title_says_how_many_and_how_well(pearson: float | None, says: str) -> None:
    """Also to those who hear it read out."""
    svg = picture((0.5, 0.5), (0.1, 0.2), pearson=pearson)
    assert svg.findtext(f"{SVG}title") == f"answers: n = 2, {says}"
    assert "2 answers" in (svg.findtext(f"{SVG}desc") or "")
    assert svg.attrib["role"] == "img"
    assert svg.attrib["aria-labelledby"] == "title desc"


def test_a_name_cannot_break_out_of_the_text() -> None:
    """Names of files may hold anything."""
    svg = picture((0.5, 0.5), name="</title><script>alert('1')</script>&\x00\x1b")
    assert not list(svg.iter(f"{SVG}script"))
    assert (svg.findtext(f"{SVG}title") or "").startswith("</title><script>alert('1')</script>&\ufffd\ufffd")


def test_it_needs_nothing_else_and_reads_in_the_dark() -> None:
    """No address but the namespace, no script."""
    text = scatter([(0.5, 0.5)], name="a", pearson=None)
    assert "prefers-color-scheme: dark" in text
    assert text.count("http") == 1


def test_no_answers_make_an_empty_plot() -> None:
    """When the model graded none."""
    assert dots(picture()) == {}
