"""The draw of checks and exams: the blueprint to within one question, nothing twice, no favourite but chance's."""

from __future__ import annotations

from collections import Counter
from itertools import pairwise
from math import ceil, floor

import pytest
from hypothesis import given
from hypothesis import strategies as st

from interviewer import picker
from interviewer.bank import Bank
from interviewer.domain import Level, Mode, Outline, Pack, Plan, QuestionKind, Topic, TopicShare
from interviewer.errors import NoQuestions, UnknownChoice
from interviewer.picker.by_quota import quotas

SEEDS = st.integers(min_value=0, max_value=10**9)
LADDER = list(Level)


@st.composite
def packs(draw: st.DrawFn) -> Pack:
    """Up to six topics of any share, each with up to four choice questions of each level."""
    weights = draw(st.lists(st.integers(1, 20), min_size=1, max_size=6))
    topics = [Topic(id=f"t{n}", title=f"T{n}", share=w / sum(weights)) for n, w in enumerate(weights)]
    held = [an_outline(t.id, level, n) for t in topics for level in Level for n in range(draw(st.integers(0, 4)))]
    return Pack(id="pack", title="Pack", topics=tuple(topics), questions=tuple(held))


def an_outline(topic: str, level: Level, number: int, kind: QuestionKind = QuestionKind.CHOICE) -> Outline:
    """A question of a topic and level."""
    return Outline(id=f"{topic}.{level}.{kind}.{number}", pack="pack", kind=kind, level=level, topic=topic, ask="What?")


def exam(**choice: object) -> Plan:
    """The plan of an exam."""
    return Plan(**{"pack": "pack", "level": Level.MID, "mode": Mode.EXAM, **choice})  # type: ignore[arg-type]


def topic_of(question_id: str) -> str:
    """The topic of one of the questions made here."""
    return question_id.split(".")[0]


@given(packs(), SEEDS, st.integers(1, 30), st.data())
def test_an_exam_meets_its_blueprint_to_within_one_question(pack: Pack, seed: int, n: int, data: st.DataObject) -> None:
    """Whatever the shares, the supply and the history: no topic is a whole question off, and none comes twice."""
    if not pack.questions:
        return
    before = data.draw(st.lists(st.sampled_from([q.id for q in pack.questions]), max_size=20))
    drawn = picker.draw(pack, exam(seed=seed, questions=n), before)
    supply = Counter(question.topic for question in pack.questions)
    wanted = quotas({t.id: supply[t.id] for t in pack.topics}, {t.id: t.share for t in pack.topics}, n)
    counts = Counter(map(topic_of, drawn))
    assert len(drawn) == len(set(drawn)) == min(n, len(pack.questions))
    for topic, quota in wanted.items():
        assert floor(quota - 1e-9) <= counts[topic] <= ceil(quota + 1e-9)


@given(packs(), st.integers(1, 30))
def test_a_quota_is_the_share_until_a_topic_has_no_more(pack: Pack, n: int) -> None:
    """What a small topic lacks the others share in their proportions."""
    supply = {topic.id: sum(q.topic == topic.id for q in pack.questions) for topic in pack.topics}
    share = {topic.id: topic.share for topic in pack.topics}
    found = quotas(supply, share, n)
    assert sum(found.values()) == pytest.approx(min(n, sum(supply.values())))
    free = [topic for topic in found if found[topic] < supply[topic]]
    for first, second in pairwise(free):
        assert found[first] / share[first] == pytest.approx(found[second] / share[second])
    assert all(found[topic] <= supply[topic] for topic in found)


def test_every_question_of_a_topic_is_drawn_about_as_often_as_any_other() -> None:
    """Chi-square over 3,000 seeds stays below what chance exceeds once in a thousand times."""
    held = tuple(an_outline(topic, Level.MID, n) for topic in ("big", "small") for n in range(5))
    topics = (Topic(id="big", title="Big", share=0.7), Topic(id="small", title="Small", share=0.3))
    pack = Pack(id="pack", title="Pack", topics=topics, questions=held)
    counts: Counter[str] = Counter()
    for seed in range(3000):
        counts.update(picker.draw(pack, exam(seed=seed, questions=3)))
    for topic, expected in (("big", 3000 * 2.1 / 5), ("small", 3000 * 0.9 / 5)):
        drawn = [counts[q.id] for q in held if q.topic == topic]
        assert sum((count - expected) ** 2 / expected for count in drawn) < 18.47  # four degrees of freedom
    assert sum(counts.values()) == 9000


def test_a_share_of_less_than_a_question_comes_in_as_many_exams_as_it_should() -> None:
    """Two of a hundred in exams of ten questions: in one exam of five."""
    topics = (Topic(id="rare", title="Rare", share=0.02), Topic(id="rest", title="Rest", share=0.98))
    held = tuple(an_outline(topic.id, Level.MID, n) for topic in topics for n in range(12))
    pack = Pack(id="pack", title="Pack", topics=topics, questions=held)
    exams = [picker.draw(pack, exam(seed=seed, questions=10)) for seed in range(2000)]
    assert 0.17 < sum(any(topic_of(q) == "rare" for q in drawn) for drawn in exams) / 2000 < 0.23


@given(SEEDS)
def test_a_retake_asks_what_was_not_asked_before_as_long_as_there_is_any(seed: int) -> None:
    """Of the same level first, then of another; only when all were seen do any come again."""
    held = [an_outline("t", level, n) for level in Level for n in range(4)]
    pack = Pack(id="pack", title="Pack", topics=(Topic(id="t", title="T", share=1),), questions=tuple(held))
    before: tuple[str, ...] = ()
    for retake in range(6):
        drawn = picker.draw(pack, exam(seed=seed + retake, questions=2), before)
        assert not set(drawn) & set(before)
        assert all((".mid." in question) is (retake < 2) for question in drawn)
        before += drawn
    assert len(picker.draw(pack, exam(seed=seed, questions=2), before)) == 2


def test_a_check_asks_what_can_be_chosen_before_what_must_be_said() -> None:
    """With three choice questions in the topic, two of five are open ones."""
    held = [an_outline("t", Level.MID, n) for n in range(3)]
    held += [an_outline("t", Level.MID, n, QuestionKind.OPEN) for n in range(9)]
    pack = Pack(id="pack", title="Pack", topics=(Topic(id="t", title="T", share=1),), questions=tuple(held))
    drawn = picker.draw(pack, exam(mode=Mode.CHECK, questions=5))
    assert sum(".choice." in question for question in drawn) == 3
    assert len(drawn) == 5
    with pytest.raises(NoQuestions):
        picker.draw(Pack(id="pack", title="Pack", topics=pack.topics, questions=tuple(held[3:])), exam())


def test_a_blueprint_of_ones_own_stands_in_for_the_packs(bank: Bank) -> None:
    """In a conversation and in an exam; what is wrong with it is said."""
    pack = bank.packs[0]
    own = (TopicShare(topic="database", share=3), TopicShare(topic="testing", share=1))
    topic = {outline.id: outline.topic for outline in pack.questions}
    for mode in (Mode.PRACTICE, Mode.EXAM):
        drawn = picker.draw(pack, exam(mode=mode, questions=8, blueprint=own))
        counts = Counter(topic[question] for question in drawn)
        assert set(counts) == {"database", "testing"}
        assert counts["database"] > counts["testing"]
    with pytest.raises(UnknownChoice, match="'cooking'"):
        picker.draw(pack, exam(blueprint=(TopicShare(topic="cooking", share=1),)))
    for share in (0, -1, float("nan"), float("inf")):
        with pytest.raises(UnknownChoice, match="above 0"):
            picker.draw(pack, exam(blueprint=(TopicShare(topic="database", share=share),)))


@pytest.mark.parametrize("level", Level)
def test_the_shipped_exams_follow_their_blueprints(bank: Bank, level: Level) -> None:
    """Each pack's own terms, over many seeds: on average exactly its shares, never a question off."""
    for pack in bank.packs:
        outlines = {outline.id: outline for outline in pack.questions}
        n, totals = pack.exam.questions, Counter[str]()
        for seed in range(300):
            drawn = picker.draw(pack, exam(pack=pack.id, level=level, seed=seed, questions=n))
            counts = Counter(outlines[question].topic for question in drawn)
            assert len(drawn) == n
            assert all(abs(counts[t.id] - n * t.share) < 1 for t in pack.topics)
            totals.update(counts)
        for topic in pack.topics:
            assert totals[topic.id] / 300 == pytest.approx(n * topic.share, abs=0.12)


@given(SEEDS, st.integers(1, 8), st.sampled_from(LADDER))
def test_a_ladder_offers_other_levels_beside_what_the_plan_draws(seed: int, n: int, level: Level) -> None:
    """Of the same topic, one of each level, none twice; without the option there is one rung to a step."""
    pack = Pack(
        id="pack",
        title="Pack",
        topics=tuple(Topic(id=t, title=t, share=0.5) for t in ("a", "b")),
        questions=tuple(
            an_outline(t, each, n, QuestionKind.OPEN) for t in ("a", "b") for each in Level for n in range(9)
        ),
    )
    plan = exam(mode=Mode.PRACTICE, adaptive=True, seed=seed, questions=n, level=level)
    drawn = picker.draw(pack, plan)
    rungs = picker.rungs(pack, plan, drawn)
    assert [rung[0] for rung in rungs] == list(drawn)
    for rung in rungs:
        assert len({topic_of(question) for question in rung}) == 1
        assert {question.split(".")[1] for question in rung} == set(Level)
    offered = [question for rung in rungs for question in rung]
    assert len(offered) == len(set(offered))
    assert picker.rungs(pack, exam(mode=Mode.PRACTICE), drawn) == tuple((question,) for question in drawn)
