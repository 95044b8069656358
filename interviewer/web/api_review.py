"""JSON routes of reviews: the same conductor as the pages."""

from __future__ import annotations

from fastapi import APIRouter
from fastapi.responses import Response

from interviewer.web.pages.review import Deck, deck_of
from interviewer.web.parts import OwnerDep, WebDep
from interviewer.web.shapes import InterviewShape
from interviewer.web.shapes.review import NewReview, ReviewShape

router = APIRouter(prefix="/api")


@router.get("/review")
async def read(web: WebDep, owner: OwnerDep) -> ReviewShape:
    """All points in review and when each comes back."""
    return ReviewShape.of(await web.conductor.reviews.of(owner), web.conductor.bank)


@router.post("/reviews", status_code=201)
async def start(web: WebDep, owner: OwnerDep, body: NewReview) -> InterviewShape:
    """Ask again what is due, or go on with the review that is open."""
    begun = await web.conductor.reviews.start(owner, pack=body.pack, questions=body.questions, seed=body.seed)
    return InterviewShape.of(begun, web.conductor.bank)


@router.get("/review.apkg", response_class=Deck)
async def deck(web: WebDep, owner: OwnerDep) -> Response:
    """All points in review as a deck for Anki."""
    return await deck_of(web, owner)
