"""The offline grader: what earns a point, what does not, and where the quote stands."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from interviewer.bank import Bank
from interviewer.domain import Level, Misconception, Point, Question, QuestionKind, Verdict
from interviewer.grading import fuzzy
from interviewer.grading.content import NoContent, no_content
from interviewer.scoring import answer_score

QUESTION = Question(
    id="teardown",
    pack="fastapi",
    kind=QuestionKind.OPEN,
    level=Level.MID,
    topic="dependency-injection",
    ask="When does the code after `yield` in a dependency run, compared with the reply?",
    reference="The code after yield runs after the response was sent. A commit there may fail unseen by the client.",
    points=(
        Point(
            id="after-response",
            says="By default the code after yield runs after the response has been sent",
            weight=3,
            cues=(("after", "once"), ("response", "reply"), ("sent", "out", "delivered")),
        ),
        Point(
            id="failure-hidden",
            says="A commit that fails there is hidden from the client",
            weight=2,
            cues=(("commit", "transaction"), ("fail", "error"), ("client", "BackgroundTasks")),
        ),
    ),
    misconceptions=(
        Misconception(
            id="commit-before",
            says="The commit is finished before the client sees the reply",
            cues=(("commit",), ("before",), ("response", "reply")),
            penalty=20,
            fix="It runs after the reply.",
        ),
    ),
    hints=(),
    takeaway="",
    samples=(),
    sources=(),
)


def verdicts(*answers: str) -> list[Verdict]:
    """Verdicts on the two points."""
    return [mark.verdict for mark in fuzzy.mark(QUESTION, answers).marks]


@pytest.mark.parametrize(
    "answer",
    [
        "The code runs after the response has been sent.",
        "It runs once the reply is out.",
        "It is torn down aftr the respnse was deliverd to them.",
        "First the reply is sent, and after that the rest runs.",
        "The response has to be sent first. After that comes the exit code.",
        "It does not run until after the response was sent.",
        "It runs not only after the response was sent but after the background tasks too.",
        "Many think it runs before the reply, but that is wrong: it runs after the response has been sent.",
        "I don't think it is early, it runs once the reply is out.",
        "People often say that the handler does it. That is not true. It runs after the response has been sent.",
    ],
)
def test_a_point_is_met_however_it_is_put(answer: str) -> None:
    """Synonyms, inflections, typing slips, word order, neighbouring sentences."""
    assert verdicts(answer)[0] is Verdict.MET


@pytest.mark.parametrize(
    "answer",
    [
        "It does not run after the response was sent.",
        "It is not true that the code runs after the response was sent.",
        "I don't think it runs after the response is sent.",
        "It's a myth that it runs once the reply is out.",
        "It is a common mistake to believe that it runs after the response was sent.",
        "Many people think that it runs after the response was sent, but that is wrong.",
        "It is often said that it runs once the reply is out. That is not true.",
    ],
)
def test_a_denied_point_is_contradicted(answer: str) -> None:
    """And earns nothing, though every cue is there."""
    mark = fuzzy.mark(QUESTION, [answer]).marks[0]
    assert mark.verdict is Verdict.CONTRADICTED
    assert mark.credit == 0
    assert mark.quote


@pytest.mark.parametrize(
    "answer",
    [
        "after response reply sent out delivered commit transaction fail error client",
        "commit, client, fail, response, sent, after, reply, out, delivered, transaction",
        "After response sent. Commit fail client. Reply out. Transaction error. Delivered. Once.",
    ],
)
def test_a_list_of_words_is_worth_nothing(answer: str) -> None:
    """It names everything and says nothing."""
    found = fuzzy.mark(QUESTION, [answer])
    assert answer_score(found.marks, found.misconceptions) == 0
    assert found.notes


def test_two_of_three_cues_read_as_partly() -> None:
    """With the share of the groups as the reason."""
    mark = fuzzy.mark(QUESTION, ["Something happens after the response I believe."]).marks[0]
    assert mark.verdict is Verdict.PARTLY
    assert mark.credit == pytest.approx(4 / 9)
    assert "2 of the 3" in mark.reason


def test_cues_far_apart_earn_nothing() -> None:
    """They must be heard within two neighbouring sentences."""
    far = "It is after lunch. One. Two words here. Three of them. The response came. Four. Five more. It was sent."
    assert verdicts(far)[0] is Verdict.MISSED


def test_identifiers_are_heard_as_code_and_as_words() -> None:
    """`BackgroundTasks`, `background_tasks`, background tasks."""
    for spelled in ("BackgroundTasks", "background_tasks", "background tasks", "backgroundtasks"):
        assert verdicts(f"The commit can fail inside of `{spelled}` there.")[1] is Verdict.MET


@pytest.mark.parametrize(
    ("answer", "asserted"),
    [
        ("The commit is done before the response goes out.", True),
        ("The commit is not done before the response goes out.", False),
        ("It is wrong that the commit comes before the response.", False),
        ("A common mistake is to think the commit comes before the response.", False),
        ("Nothing about that commit happens before the response.", False),
    ],
)
def test_a_misconception_counts_only_when_it_is_asserted(answer: str, asserted: bool) -> None:
    """Denied, or reported as somebody's error, it costs nothing."""
    assert bool(fuzzy.mark(QUESTION, [answer]).misconceptions) is asserted


def test_words_that_assert_a_misconception_earn_no_point() -> None:
    """They cannot be right and wrong at once."""
    found = fuzzy.mark(QUESTION, ["The commit fails before the client sees the response."])
    assert [wrong.id for wrong in found.misconceptions] == ["commit-before"]
    assert found.marks[1].verdict is Verdict.CONTRADICTED
    assert found.marks[1].credit == 0


def test_the_quote_stands_in_the_answer_where_the_offsets_say() -> None:
    """Verbatim."""
    answer = "Well — ünicode first. The reply was *already* sent, and after it the rest runs."
    for mark in fuzzy.mark(QUESTION, [answer]).marks:
        if mark.quote:
            assert answer[mark.start : mark.end] == mark.quote


def test_a_point_first_met_after_a_probe_says_so() -> None:
    """`said` counts the texts of the turn."""
    marks = fuzzy.mark(QUESTION, ["The commit may fail for the client.", "It runs after the response was sent."]).marks
    assert [mark.said for mark in marks] == [1, 0]


def test_saying_it_again_after_a_probe_does_not_lower_a_mark() -> None:
    """The better of the two counts, at what it is worth."""
    first = "It runs after the response was sent."
    assert fuzzy.mark(QUESTION, [first, first]).marks[0].said == 0


@settings(max_examples=60, deadline=None)
@given(st.text(max_size=400))
def test_any_text_can_be_marked(text: str) -> None:
    """No exception, every credit in 0..1, every quote verbatim."""
    for mark in fuzzy.mark(QUESTION, [text]).marks:
        assert 0 <= mark.credit <= 1
        assert mark.quote is None or text[mark.start : mark.end] == mark.quote


@settings(max_examples=40, deadline=None)
@given(st.data())
def test_extra_blank_space_moves_no_mark(data: st.DataObject) -> None:
    """Blanks between words say nothing."""
    answer = "The code runs after the response has been sent, so a commit may fail without the client knowing."
    pieces = [piece + data.draw(st.sampled_from([" ", "  ", "   ", "\t", " \t "])) for piece in answer.split(" ")]
    assert verdicts("".join(pieces)) == verdicts(answer)


def test_padding_moves_no_mark(bank: Bank) -> None:
    """Polite filler around every reference changes nothing."""
    padding = " Well, that is a very good question and I am happy to talk about it at some length here."
    for question in bank.of_kind(QuestionKind.OPEN):
        plain = fuzzy.mark(question, [question.reference])
        padded = fuzzy.mark(question, [padding * 3 + " " + question.reference + padding * 3])
        assert answer_score(padded.marks, padded.misconceptions) == answer_score(plain.marks, plain.misconceptions)


@pytest.mark.parametrize(
    ("answer", "reason"),
    [
        ("I don't know", NoContent.DONT_KNOW),
        ("Honestly, no idea, sorry.", NoContent.DONT_KNOW),
        ("idk", NoContent.DONT_KNOW),
        ("Great question!", NoContent.EMPTY_TALK),
        ("...", NoContent.EMPTY_TALK),
        ("Thought process:", NoContent.EMPTY_TALK),
        ("The code after yield in a dependency runs when, compared with the reply?", NoContent.ECHO),
        ("It runs after the response was sent.", None),
        ("I don't know the exact order but the commit may fail after the client got its answer.", None),
    ],
)
def test_answers_of_no_content_are_recognised_before_any_grader(answer: str, reason: NoContent | None) -> None:
    """And honest ones are not."""
    assert no_content(answer, QUESTION) is reason
