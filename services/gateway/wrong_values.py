"""What is wrong with single values of a request: pydantic's findings as our sentences, without the values."""

from collections.abc import Iterable
from typing import Any

from pydantic import BaseModel

from services.lang.translate import translate

# By pydantic's error type; its ctx fills the placeholders. A type that is not here keeps pydantic's own words.
SENTENCES = {
    "missing": "It is missing.",
    "extra_forbidden": "There is no such field here.",
    "json_invalid": "This is not JSON.",
    "string_type": "Give a text.",
    "string_too_short": "Give at least {min_length} characters.",
    "string_too_long": "Give at most {max_length} characters.",
    "string_pattern_mismatch": "Write it as the pattern {pattern} says.",
    "too_short": "Give at least {min_length} of them.",
    "too_long": "Give at most {max_length} of them.",
    "int_type": "Give a whole number.",
    "int_parsing": "Give a whole number.",
    "int_from_float": "Give a whole number.",
    "bool_type": "Give true or false.",
    "bool_parsing": "Give true or false.",
    "greater_than_equal": "Give {ge} or more.",
    "less_than_equal": "Give {le} or less.",
    "literal_error": "Give one of these: {expected}.",
    "date_type": "Give a date as in 2024-07-01.",
    "date_parsing": "Give a date as in 2024-07-01.",
    "date_from_datetime_parsing": "Give a date as in 2024-07-01.",
    "date_from_datetime_inexact": "Give a date as in 2024-07-01.",
    "time_type": "Give a time of day as in 08:30.",
    "time_parsing": "Give a time of day as in 08:30.",
    "model_type": "Give an object.",
    "model_attributes_type": "Give an object.",
    "dict_type": "Give an object.",
    "tuple_type": "Give a list.",
    "list_type": "Give a list.",
}


class WrongValue(BaseModel):
    """`where` is the path of the field, such as body.ceremony.title."""

    where: str
    what: str


def wrong_values(errors: Iterable[Any], language: str) -> tuple[WrongValue, ...]:
    """At most twenty."""
    return tuple(_wrong(error, language) for error in list(errors)[:20])


def _wrong(error: Any, language: str) -> WrongValue:
    context = {name: str(value) for name, value in (error.get("ctx") or {}).items()}
    sentence = SENTENCES.get(error["type"], error["msg"])
    return WrongValue(where=".".join(map(str, error["loc"])), what=translate(sentence, context, language))
