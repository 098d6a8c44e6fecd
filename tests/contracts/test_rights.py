"""Every question over NATS and every route over HTTP stands in the table of rights; nothing stands there in vain."""

from collections.abc import Iterator

import pytest
from pydantic import ValidationError

from schemas import catalogue
from schemas.envelope import Caller, Grant
from schemas.house import SERVICES
from schemas.rights import Rights, action_of, allowed, rights
from services.gateway.app import create_app
from services.kit.bus import Bus
from services.kit.settings import Settings
from tests.routes import routes_of


def questions() -> Iterator[str]:
    """As the table writes them: what every service is asked alike once."""
    by_name: dict[str, set[str]] = {}
    for ask in catalogue.asks().values():
        by_name.setdefault(ask.name, set()).add(ask.service)
    for name, services in by_name.items():
        yield from [f"*.{name}"] if services == set(SERVICES) else [f"{one}.{name}" for one in sorted(services)]


def routes() -> Iterator[str]:
    settings = Settings(_env_file=None)
    yield from (f"{method} {path}" for method, path in routes_of(create_app(Bus(settings), settings)))


def test_table_names_every_question_and_route_and_no_other() -> None:
    named = {one for each in rights().actions.values() for one in (*each.asks, *each.filtered, *each.routes)}
    real = {*questions(), *routes()}
    assert (sorted(real - named), sorted(named - real)) == ([], [])


def test_table_refuses_a_question_that_two_actions_name() -> None:
    action = {"words": "Do", "roles": ["owner"], "asks": ["a.b"]}
    with pytest.raises(ValidationError, match=r"named by two actions: a\.b"):
        Rights.model_validate(
            {"roles": {"owner": {"label": "O", "words": "O"}}, "actions": {"x": action, "y": action}}
        )


def test_table_refuses_a_role_that_it_does_not_know() -> None:
    with pytest.raises(ValidationError, match="no such role: boss"):
        Rights.model_validate({"roles": {}, "actions": {"x": {"words": "Do", "roles": ["boss"]}}})


@pytest.mark.parametrize(
    ("who", "here", "elsewhere", "office", "anywhere"),
    [
        ({"auth": "system"}, True, True, True, True),
        ({"auth": "unauthenticated"}, False, False, False, False),
        ({"auth": "unauthenticated", "grants": (Grant(role="owner"),)}, False, False, False, False),
        ({"auth": "user"}, False, False, False, False),
        ({"auth": "user", "grants": (Grant(role="planner"),)}, True, True, True, True),
        ({"auth": "user", "grants": (Grant(role="planner", ceremony_id="c1"),)}, True, False, False, True),
        ({"auth": "user", "grants": (Grant(role="viewer"),)}, False, False, False, False),
        ({"auth": "user", "grants": (Grant(role="owner"),), "scopes": ("guests.see",)}, False, False, False, False),
        ({"auth": "user", "grants": (Grant(role="owner"),), "scopes": ("release.make",)}, True, True, True, True),
    ],
)
def test_role_holds_for_its_ceremony_or_the_whole_office(
    who: dict[str, object], *, here: bool, elsewhere: bool, office: bool, anywhere: bool
) -> None:
    caller = Caller.model_validate({"office": "o", **who})
    asked = [
        allowed(caller, "release.make", "c1"),
        allowed(caller, "release.make", "c2"),
        allowed(caller, "release.make"),
        allowed(caller, "release.make", anywhere=True),
    ]
    assert asked == [here, elsewhere, office, anywhere]


def test_question_that_stands_nowhere_is_nobodys() -> None:
    assert action_of("guests.steal") is None
