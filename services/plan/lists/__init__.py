"""Lists of any office: read, found, mapped to fields, their conversions and open questions; and written back."""

from services.plan.lists.bringing import PATIENCE, Brought, ListOpen, ListUnread, Terms, check, commit, find
from services.plan.lists.export import KINDS, exported
from services.plan.lists.proposal import Decided, Listed, Listing, place, propose, read_lists
from services.plan.lists.rejected import rejected_workbook
from services.plan.lists.words import list_words, titles

__all__ = [
    "KINDS",
    "PATIENCE",
    "Brought",
    "Decided",
    "ListOpen",
    "ListUnread",
    "Listed",
    "Listing",
    "Terms",
    "check",
    "commit",
    "exported",
    "find",
    "list_words",
    "place",
    "propose",
    "read_lists",
    "rejected_workbook",
    "titles",
]
