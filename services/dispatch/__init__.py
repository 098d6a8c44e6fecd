"""Who gets what at which SEQUENCE: calendar invitations and feeds."""
