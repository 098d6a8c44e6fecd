"""Contracts: what services say to each other, as pydantic models; imports nothing else of ours."""
