"""Finds lists in the spreadsheets of any office: where the table is, what its columns mean, which rows count."""

from services.kit.sheets.finding.body import Body, Entry, LeftOut, read_body
from services.kit.sheets.finding.heads import FoundColumn, FoundTable, find_lists
from services.kit.sheets.finding.words import ListWords

__all__ = [
    "Body",
    "Entry",
    "FoundColumn",
    "FoundTable",
    "LeftOut",
    "ListWords",
    "find_lists",
    "read_body",
]
