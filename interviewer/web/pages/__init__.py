"""HTML routes: every action is a plain form post that ends in a redirect, so pages work without JavaScript."""

from interviewer.web.pages import bank, interviews, reports, review, start

ROUTERS = (start.router, interviews.router, reports.router, bank.router, review.router)
