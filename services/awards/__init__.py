"""Award decisions, recipients, presenters and gifts."""
