"""Pages, JSON and server-sent events: the only code that knows HTTP."""
