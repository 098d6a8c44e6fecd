"""Names, collation, search keys, dates and numbers in words: pure, importable by all."""
