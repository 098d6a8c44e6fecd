"""Who gets what at which SEQUENCE: invitations as iMIP bytes, calendar files, and the feed of a ceremony."""
