"""Secrets: how they are made, and what is kept of them. Hides randomness, Argon2id and how long it takes."""

import asyncio
import hashlib
import secrets
from base64 import b32encode
from collections.abc import Awaitable, Callable
from functools import cache, cached_property
from pathlib import Path
from typing import Any

import pyotp
from pwdlib import PasswordHash

from schemas.strict_yaml import load_yaml
from services.accounts.model.passwords import prepared

_AT_ONCE = 2  # hashes of 64 MiB each; the other threads of the store stay free for who is signed in
_TOKEN = "khaimac_"  # noqa: S105 - by this beginning secret scanners know our tokens


def new_secret() -> str:
    """For a session or a link: 256 bits, for URLs and cookies."""
    return secrets.token_urlsafe(32)


def new_token() -> str:
    return _TOKEN + new_secret()


def new_recovery_code() -> str:
    """80 bits, in groups that people can type."""
    text = b32encode(secrets.token_bytes(10)).decode().lower()
    return "-".join(text[at : at + 4] for at in range(0, 16, 4))


def new_totp_secret() -> str:
    return pyotp.random_base32()


def digest(secret: str) -> str:
    """What is kept of a secret that is too long to guess: SHA-256, in hexadecimal."""
    return hashlib.sha256(secret.encode()).hexdigest()


@cache
def commonest() -> frozenset[str]:
    """Passwords that are tried first."""
    path = Path(__file__).with_name("commonest.yaml")
    return frozenset(load_yaml(path.read_bytes())["passwords"])


class Passwords:
    """Hashes and compares in threads, a few at a time, and never inside a transaction."""

    def __init__(self, hop: Callable[..., Awaitable[Any]], argon2: PasswordHash) -> None:
        self._hop, self._argon2 = hop, argon2
        self._turns = asyncio.Semaphore(_AT_ONCE)

    async def hashed(self, password: str) -> str:
        async with self._turns:
            kept: str = await self._hop(self._argon2.hash, prepared(password))
            return kept

    async def check(self, password: str, kept: str | None) -> tuple[bool, str | None]:
        """Whether it is the one, and a new hash of it where the parameters grew. Nobody's (None) takes as long."""
        async with self._turns:
            found: tuple[bool, str | None] = await self._hop(self._check, prepared(password), kept)
            return found

    def _check(self, password: str, kept: str | None) -> tuple[bool, str | None]:
        nobodys = self._nobodys
        return self._argon2.verify_and_update(password, kept or nobodys)

    @cached_property
    def _nobodys(self) -> str:
        """Made before the first comparison, whoever's it is: made for nobody's alone, the time taken would tell."""
        return self._argon2.hash(new_secret())
