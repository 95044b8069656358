"""How often, and how much at once, one person and one address may do what costs: rules by route, and their keeping."""

from interviewer.web.limits.counts import Counts, MemoryCounts, SharedCounts
from interviewer.web.limits.limiter import Limiter
from interviewer.web.limits.routes import DEPENDENCIES, limiter_of

__all__ = ["DEPENDENCIES", "Counts", "Limiter", "MemoryCounts", "SharedCounts", "limiter_of"]
