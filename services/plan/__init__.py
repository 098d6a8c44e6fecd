"""A plan folder: what an organizer writes, read into a Plan with every problem at once; an empty one to fill in."""

from services.plan.empty import PlanThere, write_empty
from services.plan.reading import Reading, read
from services.plan.standing import plan_of

__all__ = ["PlanThere", "Reading", "plan_of", "read", "write_empty"]
