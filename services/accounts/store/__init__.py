"""Accounts' SQL: the tables, and what is read and written of offices and users, of ways in, and of sessions."""
