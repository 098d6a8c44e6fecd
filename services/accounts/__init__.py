"""Offices, users, roles, tokens and sessions."""
