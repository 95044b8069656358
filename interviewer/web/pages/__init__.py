"""HTML routes: every action is a plain form post that ends in a redirect, so pages work without JavaScript."""

from interviewer.web.pages import bank, interviews, reports, shared, start

ROUTERS = (start.router, interviews.router, reports.router, shared.router, bank.router)
