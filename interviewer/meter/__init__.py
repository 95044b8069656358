"""Every call of the model in an interview -> kept, counted, within its budgets, and in turn.

`Meter` gives out models that are bound to a place in an interview; `budget` and `amounts` hold the sums, and are pure.
"""

from interviewer.meter.amounts import Prices
from interviewer.meter.budget import Budgets, Limits
from interviewer.meter.meter import Meter
from interviewer.meter.metered import MeteredChat
from interviewer.meter.places import Places

__all__ = ["Budgets", "Limits", "Meter", "MeteredChat", "Places", "Prices"]
