"""Reads the words of invitations from the table beside it."""

from functools import cache
from importlib.resources import files

import yaml

from services.dispatch.model.words import Dictionary


@cache
def dictionary() -> Dictionary:
    text = files(__package__).joinpath("words.yaml").read_text("utf-8")
    return Dictionary.model_validate(yaml.safe_load(text))
