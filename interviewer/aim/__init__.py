"""A job advert or a CV -> a proposed level and blueprint of topics, each with the words it rests on.

Offline by the terms of a pack's topics (`offline`, pure); with a model by its reading, every quote of which is looked
up here (`by_model`). Nothing of the text is kept.
"""

from interviewer.aim.offline import best_pack, propose
from interviewer.aim.proposal import LevelProposal, Proposal, Quote, SetAside, SetAsideWhy, TopicProposal

__all__ = [
    "LevelProposal",
    "Proposal",
    "Quote",
    "SetAside",
    "SetAsideWhy",
    "TopicProposal",
    "best_pack",
    "propose",
]
