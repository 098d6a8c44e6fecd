"""Spreadsheets in and out: reads those of strangers in a child with limits, finds tables, writes safe files."""

from services.kit.sheets.cells import EMPTY, Cell, Kind, Merge, Sheet, Value
from services.kit.sheets.reading import Reading, read_tables
from services.kit.sheets.tables import ColumnSpec, Record, Table, find_sheet, find_table
from services.kit.sheets.writing import SheetOut, write_csv, write_xlsx
from services.kit.sheets_child.limits import Limits

__all__ = [
    "EMPTY",
    "Cell",
    "ColumnSpec",
    "Kind",
    "Limits",
    "Merge",
    "Reading",
    "Record",
    "Sheet",
    "SheetOut",
    "Table",
    "Value",
    "find_sheet",
    "find_table",
    "read_tables",
    "write_csv",
    "write_xlsx",
]
