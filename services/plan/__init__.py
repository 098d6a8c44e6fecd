"""Reads a plan folder and says everything that is wrong with it."""
