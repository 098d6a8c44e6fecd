"""Ceremonies, their running order and their releases."""
