"""Spreadsheets in and out: reading files of strangers in a limited child process, finding tables, writing safe files."""

from services.kit.sheets.cells import EMPTY, Cell, Kind, Merge, Sheet, Value
from services.kit.sheets.reading import Limits, Reading, read_tables
from services.kit.sheets.tables import ColumnSpec, Record, Table, find_sheet, find_table
from services.kit.sheets.writing import SheetOut, write_csv, write_xlsx

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
