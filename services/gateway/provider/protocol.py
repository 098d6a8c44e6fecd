"""The authorization code flow with PKCE, seen from our side. Hides discovery, the exchange of the code, user-info."""

import re
import time
from collections.abc import Mapping
from http import HTTPStatus
from typing import Any

import structlog
from authlib.oauth2.auth import ClientAuth
from authlib.oauth2.rfc6749.parameters import prepare_grant_uri, prepare_token_request
from authlib.oauth2.rfc7636 import create_s256_code_challenge
from authlib.oidc.discovery import get_well_known_url
from joserfc.errors import ClaimError
from joserfc.jwk import KeySet
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from schemas.envelope import Strict
from schemas.errors import Refusal
from services.gateway.provider.errand import MINUTES, Errand
from services.gateway.provider.line import Line, is_safe
from services.gateway.provider.token import UNREADABLE, Expected, KeyUnknown, accepted, claims_of, key_set
from services.gateway.refusals import (
    EmailNotTold,
    IssuerUnsafe,
    NoProvider,
    ProviderAway,
    ProviderDeclined,
    ProviderOther,
    SignInCancelled,
    SignInLapsed,
    TokenUnfit,
)
from services.kit.context import caller
from services.kit.settings import Settings

log = structlog.get_logger()
_KEPT = 3600.0  # seconds that what the provider says of itself, and its keys, are kept
_CANCELLED = frozenset({"access_denied", "consent_required", "interaction_required", "login_required"})
_YES = (True, "true", "1")


def offered(settings: Settings) -> str | None:
    """What to call the provider on the sign-in page; None: there is none."""
    return settings.oidc_label if settings.oidc_issuer and settings.oidc_client_id else None


class Return(Strict):
    """What the browser brings back (RFC 6749 section 4.1.2; `issuer`: RFC 9207)."""

    state: str = Field(repr=False)
    code: str | None = Field(repr=False)
    error: str | None
    issuer: str | None


class Person(BaseModel):
    """Whom the provider vouches for."""

    model_config = ConfigDict(frozen=True)
    issuer: str
    subject: str = Field(min_length=1, max_length=255)
    email: str = Field(min_length=1, max_length=1000)
    email_verified: bool
    name: str | None = Field(max_length=1000)


class _About(BaseModel):
    """What a provider says of itself, as far as it matters (OpenID Connect Discovery 1.0 section 3)."""

    issuer: str
    authorization_endpoint: str
    token_endpoint: str
    jwks_uri: str
    userinfo_endpoint: str | None = None
    id_token_signing_alg_values_supported: tuple[str, ...] = ("RS256",)
    token_endpoint_auth_methods_supported: tuple[str, ...] = ("client_secret_basic",)
    authorization_response_iss_parameter_supported: bool = False


class _Keys(BaseModel):
    keys: tuple[dict[str, Any], ...]


class _Tokens(BaseModel):
    id_token: str
    access_token: str | None = None


class _Declined(BaseModel):
    error: str


class _More(BaseModel):
    """Of the user-info endpoint: whatever it holds."""

    model_config = ConfigDict(extra="allow")
    sub: str


class Provider:
    """The one provider of this installation, and what is known of it."""

    def __init__(self, settings: Settings) -> None:
        secret = settings.oidc_client_secret
        self._issuer, self._client = settings.oidc_issuer or "", settings.oidc_client_id or ""
        self._secret = secret.get_secret_value() if secret else ""
        self._name = settings.oidc_label
        self._line = Line(self._name)
        self._about: _About | None = None
        self._keys: KeySet | None = None
        self._until = 0.0  # of the monotonic clock: from then on both are asked for again

    async def address(self, errand: Errand, back: str, language: str) -> str:
        """Where to send the browser; `back` is the address of ours that it returns to."""
        about = await self._known()
        address: str = prepare_grant_uri(
            about.authorization_endpoint,
            self._client,
            "code",
            back,
            "openid email profile",
            errand.state,
            nonce=errand.nonce,
            code_challenge=create_s256_code_challenge(errand.verifier),
            code_challenge_method="S256",
            ui_locales=language,
        )
        return address

    async def person(self, came: Return, errand: Errand, back: str) -> Person:
        """Whom the provider vouches for. Every refusal says what to do; the log says why."""
        about = await self._known()
        if came.issuer != about.issuer and (came.issuer or about.authorization_response_iss_parameter_supported):
            raise self._other(came.issuer or "—")
        if came.error or not came.code:
            raise self._declined(came.error or "—")
        tokens = await self._redeem(about, came.code, errand.verifier, back)
        claims = await self._checked(about, tokens, errand.nonce)
        return self._person(claims, claims if claims.get("email") else await self._more(about, tokens, claims["sub"]))

    # What the provider says of itself.

    async def _known(self) -> _About:
        if not self._issuer or not self._client:
            raise NoProvider
        if not is_safe(self._issuer, self._issuer):
            raise IssuerUnsafe(issuer=self._issuer)
        now = time.monotonic()
        if self._about is None or now >= self._until:
            self._about, self._keys, self._until = await self._ask(), None, now + _KEPT
        return self._about

    async def _ask(self) -> _About:
        about = await self._line.document(_About, get_well_known_url(self._issuer, external=True))
        if about.issuer != self._issuer:
            raise self._other(about.issuer)
        places = (about.authorization_endpoint, about.token_endpoint, about.jwks_uri, about.userinfo_endpoint)
        if not all(is_safe(place, self._issuer) for place in places if place):
            raise self._line.unfit("one of its addresses is not https")
        if not accepted(about.id_token_signing_alg_values_supported):
            raise self._line.unfit("it signs with no algorithm that proves anything")
        return about

    async def _key_set(self, about: _About, *, anew: bool = False) -> KeySet:
        if self._keys is None or anew:
            self._keys = key_set((await self._line.document(_Keys, about.jwks_uri)).keys)
        return self._keys

    # The code, the tokens, the person.

    async def _redeem(self, about: _About, code: str, verifier: str, back: str) -> _Tokens:
        form = prepare_token_request("authorization_code", "", back, code=code, code_verifier=verifier)
        _, headers, body = self._auth(about).prepare("POST", about.token_endpoint, {}, form)
        status, answer = await self._line.fetch(about.token_endpoint, headers, body)
        if status == HTTPStatus.OK:
            return self._line.read(_Tokens, answer)
        if status not in {HTTPStatus.BAD_REQUEST, HTTPStatus.UNAUTHORIZED}:
            raise self._line.wrong_status(status)
        raise self._declined(self._line.read(_Declined, answer).error)

    def _auth(self, about: _About) -> ClientAuth:
        """In the form where that is allowed: the header's encoding of unusual secrets is read in two ways."""
        in_form = "client_secret_post" in about.token_endpoint_auth_methods_supported
        method = "client_secret_post" if in_form else "client_secret_basic"
        return ClientAuth(self._client, self._secret, method if self._secret else "none")

    async def _checked(self, about: _About, tokens: _Tokens, nonce: str) -> dict[str, Any]:
        """The claims of the ID token; the keys are fetched again once, for the provider may have changed them."""
        algorithms = accepted(about.id_token_signing_alg_values_supported)
        expected = Expected(about.issuer, self._client, nonce, tokens.access_token)
        try:
            try:
                return claims_of(tokens.id_token, await self._key_set(about), algorithms, expected)
            except KeyUnknown:
                return claims_of(tokens.id_token, await self._key_set(about, anew=True), algorithms, expected)
        except UNREADABLE as error:
            raise self._unproved(error) from error

    async def _more(self, about: _About, tokens: _Tokens, subject: str) -> dict[str, Any]:
        """From the user-info endpoint, if it speaks of the same person (OpenID Connect Core 1.0 section 5.3.2)."""
        if not about.userinfo_endpoint or not tokens.access_token:
            raise EmailNotTold(provider=self._name)
        shown = {"Authorization": f"Bearer {tokens.access_token}"}
        more = await self._line.document(_More, about.userinfo_endpoint, shown)
        if more.sub != subject:
            raise self._unproved(ValueError("sub"))
        return more.model_dump()

    def _person(self, claims: Mapping[str, Any], more: Mapping[str, Any]) -> Person:
        if not more.get("email"):
            raise EmailNotTold(provider=self._name)
        try:
            return Person(
                issuer=claims["iss"],
                subject=claims["sub"],
                email=more["email"],
                email_verified=_is_verified(more),
                name=claims.get("name") or more.get("name"),
            )
        except ValidationError as error:
            raise self._unproved(error) from error

    # What is wrong.

    def _unproved(self, error: BaseException) -> TokenUnfit:
        """The log tells the kind of error and the claim, never a value."""
        claim = error.claim if isinstance(error, ClaimError) else None
        log.warning("a person of the sign-in provider was refused", reason=type(error).__name__, claim=claim)
        return TokenUnfit(provider=self._name, reference=caller().correlation)

    def _other(self, found: str) -> ProviderOther:
        return ProviderOther(found=found[:200], issuer=self._issuer)

    def _declined(self, error: str) -> Refusal:
        """By the error codes of RFC 6749 sections 4.1.2.1 and 5.2 and OpenID Connect Core 1.0 section 3.1.2.6."""
        if error in _CANCELLED:
            return SignInCancelled(provider=self._name)
        if error == "invalid_grant":
            return SignInLapsed(minutes=MINUTES)
        if error in {"server_error", "temporarily_unavailable"}:
            return ProviderAway(provider=self._name)
        return ProviderDeclined(provider=self._name, error=error if re.fullmatch("[a-z_]{1,60}", error) else "—")


def _is_verified(claims: Mapping[str, Any]) -> bool:
    """`email_verified`, which some write as text; Microsoft Entra has the optional claim `xms_edov` instead."""
    return claims.get("email_verified", claims.get("xms_edov")) in _YES
