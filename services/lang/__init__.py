"""Names, collation, search keys, dates and numbers in words: pure, importable by all."""

from services.lang.collation import Collation, NamePart, Tones
from services.lang.finding import find_key, find_words, is_found
from services.lang.names import Front, NameOrder, NameParts, split_name, strip_prefixes
from services.lang.reading import parse_date, parse_duration, parse_number, parse_time
from services.lang.refusals import Unreadable
from services.lang.text import EMAIL, clean, clean_block, match_key, nfc, search_key
from services.lang.wording import (
    UNKNOWN,
    Writer,
    date_words,
    duration_words,
    fill_pattern,
    number_text,
    pattern_fields,
    time_words,
    weekday_name,
)

__all__ = [
    "EMAIL",
    "UNKNOWN",
    "Collation",
    "Front",
    "NameOrder",
    "NamePart",
    "NameParts",
    "Tones",
    "Unreadable",
    "Writer",
    "clean",
    "clean_block",
    "date_words",
    "duration_words",
    "fill_pattern",
    "find_key",
    "find_words",
    "is_found",
    "match_key",
    "nfc",
    "number_text",
    "parse_date",
    "parse_duration",
    "parse_number",
    "parse_time",
    "pattern_fields",
    "search_key",
    "split_name",
    "strip_prefixes",
    "time_words",
    "weekday_name",
]
