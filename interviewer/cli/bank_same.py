"""`interviewer bank same-points`: which points of different questions state the same, for reviews."""

from __future__ import annotations

from collections.abc import Sequence

from interviewer import bank as banks
from interviewer.bank.same_points import fingerprint, same_points
from interviewer.bank.same_points_file import SamePointsFile, read, write
from interviewer.cli.bank import BankFolder, bank_folder, plain_console
from interviewer.domain import PointKey, Question, QuestionKind


def same(bank: BankFolder = None) -> None:
    """Find points that state the same and write them beside each pack; new pairs are printed, for an author to read.

    A pair that is not the same is moved by hand to `refused` in same-points.json. It is not found again.
    """
    folder, console = bank_folder(bank), plain_console()
    loaded = banks.load(folder)
    for pack in loaded.packs:
        questions = [question for question in loaded.of_kind(QuestionKind.OPEN) if question.pack == pack.id]
        before = read(folder / pack.id)
        found = tuple(pair for pair in same_points(questions) if pair not in before.refused)
        after = SamePointsFile(questions=fingerprint(questions), same=found, refused=before.refused)
        if after != before:
            write(folder / pack.id, after)
        says, new = _says(questions), [pair for pair in found if pair not in before.same]
        for pair in new:
            console.print("\n".join((f"{pair[0]} = {pair[1]}", *(f"  {says[key]}" for key in pair))), markup=False)
        told = f"{pack.id}: {len(found)} pairs, {len(new)} of them new; {len(before.refused)} refused."
        console.print(told, markup=False)


def _says(questions: Sequence[Question]) -> dict[PointKey, str]:
    return {PointKey(question.id, point.id): point.says for question in questions for point in question.points}
