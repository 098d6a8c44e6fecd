"""The published documents are those of the code, and valid by their own rules."""

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft7Validator, Draft202012Validator

from schemas import asyncapi, catalogue
from schemas.frozen import as_text
from schemas.rights_page import page
from services.gateway.app import create_app
from services.kit import stream
from services.kit.bus import Bus
from services.kit.settings import Settings

ROOT = Path(__file__).parents[2]
DOCS = ROOT / "docs" / "contracts"


@pytest.fixture(scope="module")
def async_document() -> dict[str, Any]:
    return asyncapi.document()


@pytest.fixture(scope="module")
def open_document() -> dict[str, Any]:
    settings = Settings(_env_file=None)
    return create_app(Bus(settings), settings).openapi()


def nodes(value: Any) -> Iterator[dict[str, Any]]:
    if isinstance(value, dict):
        yield value
        for inner in value.values():
            yield from nodes(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from nodes(inner)


def unresolved(document: dict[str, Any]) -> list[str]:
    """References to what is not there."""
    missing = []
    for node in nodes(document):
        reference = node.get("$ref")
        if isinstance(reference, str):
            found: Any = document
            for part in reference.removeprefix("#/").split("/"):
                found = None if found is None else found.get(part)
            missing += [reference] if found is None else []
    return missing


def test_asyncapi_document_is_the_committed_one(async_document: dict[str, Any]) -> None:
    committed = (DOCS / "asyncapi.json").read_text("utf-8")
    assert committed == as_text(async_document), "The events or questions changed: run `make contracts`."


def test_openapi_document_is_the_committed_one(open_document: dict[str, Any]) -> None:
    committed = (DOCS / "openapi.json").read_text("utf-8")
    assert committed == as_text(open_document), "The API changed: run `make contracts`."


def test_asyncapi_document_is_valid_by_the_official_schema(async_document: dict[str, Any]) -> None:
    schema = json.loads(Path(__file__).with_name("asyncapi-3.0.0.schema.json").read_text("utf-8"))
    wrong = [error.message[:300] for error in Draft7Validator(schema).iter_errors(async_document)]
    assert wrong == []
    broken = async_document | {"operations": {"x": {"action": "shout", "channel": {"$ref": "#/channels/x"}}}}
    assert not Draft7Validator(schema).is_valid(broken)


def test_asyncapi_schemas_are_json_schemas(async_document: dict[str, Any]) -> None:
    for schema in async_document["components"]["schemas"].values():
        Draft202012Validator.check_schema(schema)


def test_documents_refer_to_nothing_that_is_missing(
    async_document: dict[str, Any], open_document: dict[str, Any]
) -> None:
    assert unresolved(async_document) == []
    assert unresolved(open_document) == []
    assert unresolved({"a": {"$ref": "#/b"}}) == ["#/b"]


def test_asyncapi_operations_name_who_tells_and_who_hears(async_document: dict[str, Any]) -> None:
    operations = async_document["operations"]
    released = sorted(name for name in operations if name.endswith(".scheduling.ceremony.released"))
    assert released == [
        "dispatch.hears.scheduling.ceremony.released",
        "program.hears.scheduling.ceremony.released",
        "scheduling.tells.scheduling.ceremony.released",
    ]
    channel = async_document["channels"]["scheduling.ceremony.released"]
    assert channel["address"] == "evt.scheduling.ceremony.released.{id}"


def test_asyncapi_describes_every_question(async_document: dict[str, Any]) -> None:
    ours = {
        subject
        for subject, ask in catalogue.asks().items()
        if ask.request.__module__.startswith("schemas.") and ask.reply.__module__.startswith("schemas.")
    }
    asked = {name for name, operation in async_document["operations"].items() if "reply" in operation}
    assert asked == ours


def test_asyncapi_stream_is_the_one_that_is_made() -> None:
    assert asyncapi.STREAM["stream"] == stream.STREAM
    assert asyncapi.STREAM["max_age_seconds"] == stream.MAX_AGE


def operations(document: dict[str, Any]) -> Iterator[tuple[str, str, dict[str, Any]]]:
    for path, methods in document["paths"].items():
        for method, operation in methods.items():
            yield path, method, operation


def test_openapi_operations_have_ids_summaries_and_problems(open_document: dict[str, Any]) -> None:
    ids = [operation["operationId"] for _, _, operation in operations(open_document)]
    assert len(ids) == len(set(ids))
    for path, method, operation in operations(open_document):
        assert re.fullmatch(r"[a-z_]+", operation["operationId"])
        assert operation["summary"]
        fault = operation["responses"]["500"]["content"]
        assert list(fault) == ["application/problem+json"]
        if method in {"put", "delete"}:
            assert {"412", "428", "409"} <= operation["responses"].keys(), path


def test_openapi_bodies_have_examples_that_pass_their_own_schema(open_document: dict[str, Any]) -> None:
    schemas = open_document["components"]["schemas"]
    for _, _, operation in operations(open_document):
        body = operation.get("requestBody", {}).get("content", {}).get("application/json")
        if body:
            schema = body["schema"] | {"components": {"schemas": schemas}}
            Draft202012Validator(schema).validate(body["examples"]["usual"]["value"])


def test_openapi_document_knows_no_error_of_the_framework(open_document: dict[str, Any]) -> None:
    assert "HTTPValidationError" not in json.dumps(open_document)


def test_page_of_rights_is_the_committed_one() -> None:
    committed = (ROOT / "docs" / "rights.md").read_text("utf-8")
    assert committed == page(), "The table of rights changed: run `make contracts`."
