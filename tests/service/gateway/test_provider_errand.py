"""Where a sign-in may lead on to: to pages of ours and nowhere else."""

from urllib.parse import urljoin, urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.gateway.provider import Errand, begin, own_path, resume

HERE = "https://le.example.org"


@pytest.mark.parametrize(
    ("wanted", "led"),
    [
        ("/", "/"),
        ("/ceremonies/can-tho", "/ceremonies/can-tho"),
        ("/ceremonies/can-tho?tab=guests&q=a%20b#row-3", "/ceremonies/can-tho?tab=guests&q=a%20b#row-3"),
        ("/search?back=https%3A%2F%2Fexample.org%2F%2F", "/search?back=https%3A%2F%2Fexample.org%2F%2F"),
        ("/search?q=https://example.org", "/search?q=https://example.org"),
        ("/tìm?q=lễ", "/t%C3%ACm?q=l%E1%BB%85"),
        ("/sign-in-sheets", "/sign-in-sheets"),
    ],
)
def test_address_of_ours_is_kept(wanted: str, led: str) -> None:
    assert begin(wanted).after == led


@pytest.mark.parametrize(
    "wanted",
    [
        "",
        "ceremonies",
        "https://evil.example",
        "https:/evil.example",
        "https:evil.example",
        "javascript:alert(1)",
        "//evil.example",
        "///evil.example",
        "/\\evil.example",
        "\\\\evil.example",
        "/a\\b",
        "/\t/evil.example",
        "/\n/evil.example",
        "\t//evil.example",
        " //evil.example",
        "/\x00/evil.example",
        "/\u00a0/evil.example",
        "/%2Fevil.example",
        "/%2f%2fevil.example",
        "/%252Fevil.example",
        "/%5Cevil.example",
        "/%255cevil.example",
        "/%09/evil.example",
        "/%0D%0ASet-Cookie:a=b",
        "/..//evil.example",
        "/%2e%2e/%2fevil.example",
        "/a/../../evil",
        "/@evil.example//",
        "/sign-in",
        "/sign-in/provider",
        "/sign-in/provider?next=/sign-in/provider",
        "/sign%2Din/provider",
        "/" + "a" * 2000,
        "/" + "ệ" * 300,
    ],
)
def test_any_other_address_becomes_the_start_page(wanted: str) -> None:
    assert begin(wanted).after == "/"


@given(st.text(st.sampled_from("/\\:.@?#%2f5c\t\n ae"), max_size=12))
def test_no_address_leads_out_of_the_house(wanted: str) -> None:
    led = own_path("/" + wanted)
    there = urlsplit(urljoin(HERE, led.replace("\\", "/")))
    assert (f"{there.scheme}://{there.netloc}", led.isascii(), led.isprintable()) == (HERE, True, True)
    assert own_path(led) == led


def test_address_in_a_cookie_is_looked_at_again() -> None:
    errand = begin("/ceremonies")
    spoiled = errand.model_copy(update={"after": "//evil.example"})
    assert resume(errand.packed(), errand.state).after == "/ceremonies"
    assert resume(spoiled.packed(), errand.state).after == "/"


def test_every_errand_has_secrets_of_its_own_that_no_log_shows() -> None:
    errands = [begin("/") for _ in range(3)]
    secrets = {secret for one in errands for secret in (one.state, one.nonce, one.verifier)}
    assert (len(secrets), min(map(len, secrets))) == (9, 43)
    assert not any(secret in repr(errands) for secret in secrets)
    assert len(begin("/" + "a" * 1999).packed()) < 4000
    assert Errand.unpacked(errands[0].packed()) == errands[0]
