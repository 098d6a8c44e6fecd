"""The services, the rooms they share, and the command that runs them."""
