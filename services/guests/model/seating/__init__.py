"""Seating: halls as places in rows, filled by patterns, changed with few moves, drawn and listed. Pure."""
