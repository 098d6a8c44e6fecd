"""The rules of accounts: what a password may be, who may come in and when again, how long a session lives. Pure."""
