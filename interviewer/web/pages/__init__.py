"""HTML routes: every action is a plain form post that ends in a redirect, so pages work without JavaScript."""

from interviewer.web.pages import bank, exams, interviews, reports, sittings, start

ROUTERS = (start.router, sittings.router, exams.router, interviews.router, reports.router, bank.router)
