"""What an ID token proves (OpenID Connect Core 1.0 section 3.1.3.7). Hides signatures, keys, the checks of claims."""

import time
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from authlib.oidc.core import CodeIDToken
from joserfc import jwt
from joserfc.errors import InvalidKeyIdError, JoseError
from joserfc.jwk import JWKRegistry, Key, KeySet
from joserfc.jws import JWSRegistry

_LEEWAY = 60  # seconds that the provider's clock and ours may differ
_SHORTEST_RSA = 342  # characters of a modulus of 2,048 bits; a shorter key proves nothing any more (NIST SP 800-131A)
# Signed by a key that only the provider has. Without EdDSA, which says no curve (RFC 9864).
_ALGORITHMS = frozenset(f"{kind}{bits}" for kind in ("RS", "PS", "ES") for bits in (256, 384, 512))
UNREADABLE = (JoseError, ValueError, TypeError, KeyError, RecursionError)
KeyUnknown = InvalidKeyIdError


@dataclass(frozen=True, slots=True)
class Expected:
    """What the token of this sign-in must say."""

    issuer: str
    client: str
    nonce: str
    access_token: str | None


def accepted(offered: Iterable[str]) -> frozenset[str]:
    """Of the algorithms that a provider signs with, those that prove something."""
    return _ALGORITHMS.intersection(offered)


def key_set(found: Iterable[Mapping[str, Any]]) -> KeySet:
    """Those that signatures can be checked by; others in the set are left alone (RFC 7517 section 5)."""
    return KeySet([key for one in found if (key := _key(one))])


def claims_of(token: str, keys: KeySet, algorithms: frozenset[str], expected: Expected) -> dict[str, Any]:
    """Its claims, all checked. KeyUnknown: signed with a key that is not among these; else one of UNREADABLE.

    `algorithms` must not be empty: joserfc would take its own choice instead, which has HS256 in it.
    """
    registry = JWSRegistry(algorithms=algorithms, strict_check_header=False)
    signed = jwt.decode(token, keys, registry=registry)
    options = {
        "iss": {"essential": True, "value": expected.issuer},
        "aud": {"essential": True, "value": expected.client},
    }
    params = {"nonce": expected.nonce, "client_id": expected.client, "access_token": expected.access_token}
    claims = CodeIDToken(signed.claims, signed.header, options, params)
    # By the true clock: that of the installation may be fixed for a demonstration.
    claims.validate(int(time.time()), _LEEWAY)
    return dict(claims)


def _key(found: Mapping[str, Any]) -> Key | None:
    kind = found.get("kty")
    weak = kind == "RSA" and len(str(found.get("n", ""))) < _SHORTEST_RSA
    if kind not in {"RSA", "EC"} or found.get("use", "sig") != "sig" or weak:
        return None
    try:
        return JWKRegistry.import_key(dict(found))
    except UNREADABLE:
        return None
