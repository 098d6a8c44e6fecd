"""Where profiles come from: YAML files beside this one, each put together from the parts it names."""

from datetime import date
from functools import cache
from importlib.resources import files
from typing import Any

from pydantic import ValidationError

from schemas.errors import NotFound, Refusal
from schemas.protocol.profile import Profile
from schemas.strict_yaml import load_yaml

_FOLDER = files(__package__ or "schemas.protocol")


class ProfileNotInForce(Refusal):
    """The protocol profile {name} does not hold on {on}. Its versions hold {when}."""


class ProfileInvalid(Refusal):
    """{file}: {where}: {what}"""


def profile_names() -> tuple[str, ...]:
    return tuple(sorted({name.rsplit(".", 2)[0] for name in _profile_files()}))


def load_profile(name: str, on: date | None = None) -> Profile:
    """The version in force on that day; without a day the newest."""
    versions = _versions(name)
    if not versions:
        raise NotFound(what="protocol profile", which=name)
    if on is None:
        return versions[-1]
    for profile in versions:
        if profile.valid.covers(on):
            return profile
    when = "; ".join(f"{each.valid.since} to {each.valid.until or '…'}" for each in versions)
    raise ProfileNotInForce(name=name, on=on, when=when)


def profile_versions(name: str) -> tuple[Profile, ...]:
    """All of them, the oldest first."""
    load_profile(name)
    return _versions(name)


def profile_for(name: str, on: date | None) -> Profile:
    """Its rules of the day; if it does not hold then, its newest: papers must be possible all the same."""
    try:
        return load_profile(name, on)
    except ProfileNotInForce:
        return load_profile(name)


def _profile_files() -> list[str]:
    """`<name>.<version>.yaml`; a part's name starts with an underscore."""
    names = (entry.name for entry in _FOLDER.iterdir())
    return [name for name in names if name.endswith(".yaml") and not name.startswith("_")]


@cache
def _versions(name: str) -> tuple[Profile, ...]:
    found = (file for file in _profile_files() if file.rsplit(".", 2)[0] == name)
    return tuple(sorted((_read(file) for file in found), key=lambda profile: profile.version))


def _read(file: str) -> Profile:
    own = _mapping(file)
    data: dict[str, Any] = {}
    for part in own.pop("parts", []):
        data = _merged(data, _mapping(f"_{part}.yaml"))
    try:
        return Profile.model_validate(_merged(data, own))
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join(str(step) for step in first["loc"]) or "as a whole"
        raise ProfileInvalid(file=file, where=where, what=first["msg"]) from None


def _mapping(file: str) -> dict[str, Any]:
    read: dict[str, Any] = load_yaml(_FOLDER.joinpath(file).read_bytes())
    return read


def _merged(lower: dict[str, Any], upper: dict[str, Any]) -> dict[str, Any]:
    """Mappings are joined one level deep, the upper one's entries winning; sources are gathered, its own first; the
    rest is replaced.
    """
    both = {name: lower[name] | upper[name] for name in lower.keys() & upper.keys() if isinstance(lower[name], dict)}
    sources = [*upper.get("sources", ()), *lower.get("sources", ())]
    return {**lower, **upper, **both, "sources": sources}
