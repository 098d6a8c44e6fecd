"""The words of a ceremony's invitations: from the table beside it, and what the protocol profile calls things."""

from functools import cache
from importlib.resources import files

import yaml

from schemas.errors import Refusal
from schemas.protocol import Profile, load_profile
from schemas.scheduling import CeremonyFields
from services.dispatch.model.words import Dictionary, Words


def words_for(ceremony: CeremonyFields) -> Words:
    """In the ceremony's language; a role that its profile does not know has no word."""
    words, profile = _dictionary().of(ceremony.language), _profile(ceremony)
    if profile is None:
        return words
    roles = {code: label.say(ceremony.language) for code, label in profile.roles.items()}
    return words.model_copy(update={"mark": profile.marks.sample, "roles": roles})


def _profile(ceremony: CeremonyFields) -> Profile | None:
    """The newest where none is in force on the day; None for one that was taken away: words are not worth a stop."""
    for on in (ceremony.on, None):
        try:
            return load_profile(ceremony.profile, on)
        except Refusal:
            continue
    return None


@cache
def _dictionary() -> Dictionary:
    text = files(__package__).joinpath("words.yaml").read_text("utf-8")
    return Dictionary.model_validate(yaml.safe_load(text))
