"""Protocol profiles: what is a country's, a level's or an office's custom, as dated data with its sources."""

from schemas.protocol.loading import (
    ProfileInvalid,
    ProfileNotInForce,
    load_profile,
    profile_for,
    profile_names,
    profile_versions,
)
from schemas.protocol.papers import AwardKind, DocumentKind, ItemKind, Layout
from schemas.protocol.profile import Profile
from schemas.protocol.rules import PostWords
from schemas.protocol.turns import InOrder, arrivals, salutation, speeches
from schemas.protocol.words import Label, Wording

__all__ = [
    "AwardKind",
    "DocumentKind",
    "InOrder",
    "ItemKind",
    "Label",
    "Layout",
    "PostWords",
    "Profile",
    "ProfileInvalid",
    "ProfileNotInForce",
    "Wording",
    "arrivals",
    "load_profile",
    "profile_for",
    "profile_names",
    "profile_versions",
    "salutation",
    "speeches",
]
