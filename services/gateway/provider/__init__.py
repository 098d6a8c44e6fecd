"""Sign-in by an office's own OpenID Connect provider: what it is asked, and what of its answers is believed."""

from services.gateway.provider.errand import MINUTES, Errand, begin, own_path, resume
from services.gateway.provider.protocol import Person, Provider, Return, offered

__all__ = ["MINUTES", "Errand", "Person", "Provider", "Return", "begin", "offered", "own_path", "resume"]
