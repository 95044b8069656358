"""HTML routes: every action is a plain form post that ends in a redirect, so pages work without JavaScript."""

from interviewer.web.pages import (
    account,
    admin,
    aim,
    bank,
    desk,
    entrance,
    exams,
    interviews,
    reports,
    review,
    shared,
    sittings,
    start,
)

ROUTERS = (
    start.router,
    aim.router,
    sittings.router,
    exams.router,
    interviews.router,
    reports.router,
    shared.router,
    review.router,
    bank.router,
    entrance.router,
    account.router,
    admin.router,
    desk.router,
)
