"""The rules about guests: who ranks where and why, and how each is introduced."""
