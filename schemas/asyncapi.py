"""The AsyncAPI 3.0 document of everything that crosses the bus, made from the catalogue."""

import inspect
from collections.abc import Iterable
from typing import Any

from pydantic import BaseModel
from pydantic.json_schema import models_json_schema

from schemas import catalogue
from schemas.envelope import CONTENT_TYPE, Ask, Event, Fact
from schemas.errors import RefusalOnWire

VERSION = "1.0.0"  # of the messages: grows as their frozen contracts do, by semantic versioning
STREAM: dict[str, Any] = {
    "stream": "EVENTS",
    "subjects": ["evt.>"],
    "max_age_seconds": 30 * 86400,
    "duplicate_window_seconds": 3600,
    "deduplication": "Nats-Msg-Id holds the id of the event",
}
_MODELS = "#/components/schemas/"
_ASK_HEADERS = {
    "type": "object",
    "required": ["Khaimac-Office", "Khaimac-Correlation"],
    "properties": {
        "Khaimac-Office": {"type": "string", "description": "The tenant."},
        "Khaimac-Correlation": {"type": "string", "description": "The request that this belongs to."},
        "Khaimac-Actor": {"type": "string", "description": "The person, where there is one."},
        "Content-Encoding": {"type": "string", "enum": ["deflate"], "description": "Bodies over 32 KiB."},
    },
}
_REFUSED_HEADERS = {
    "type": "object",
    "required": ["Nats-Service-Error-Code", "Nats-Service-Error"],
    "properties": {
        "Nats-Service-Error-Code": {"type": "string", "description": "Status, as in HTTP."},
        "Nats-Service-Error": {"type": "string", "description": "Code of the refusal."},
    },
}


def document() -> dict[str, Any]:
    """As JSON values, in an order that does not change from run to run."""
    facts = list(catalogue.facts().values())
    asks = list(catalogue.asks().values())
    channels: dict[str, Any] = {}
    operations: dict[str, Any] = {}
    messages: dict[str, Any] = {"refusal": _refusal()}
    for fact in facts:
        channels[_channel_name(fact)] = _event_channel(fact)
        operations |= _event_operations(fact)
        messages[fact.type] = _event_message(fact)
    for ask in asks:
        channels |= _ask_channels(ask)
        operations[ask.subject] = _ask_operation(ask)
        messages |= _ask_messages(ask)
    return {
        "asyncapi": "3.0.0",
        "info": _info(),
        "defaultContentType": "application/json",
        "servers": _servers(),
        "channels": channels,
        "operations": operations,
        "components": {"messages": messages, "schemas": _schemas(facts, asks)},
    }


def _info() -> dict[str, Any]:
    return {
        "title": "Khai Mạc",
        "version": VERSION,
        "description": "What the services of Khai Mạc tell (evt.>) and ask (ask.>) each other over NATS. Events are "
        "CloudEvents 1.0; they carry ids, versions and facts about no person.",
        "license": {"name": "Apache-2.0", "url": "https://www.apache.org/licenses/LICENSE-2.0"},
    }


def _servers() -> dict[str, Any]:
    words = "The embedded NATS server by default (its address is random), or a cluster (KHAIMAC_NATS_URL)."
    return {"nats": {"host": "127.0.0.1:4222", "protocol": "nats", "description": words}}


# Events.


def _channel_name(fact: type[Fact]) -> str:
    return fact.type.rsplit(".", 1)[0]


def _event_channel(fact: type[Fact]) -> dict[str, Any]:
    name = _channel_name(fact)
    return {
        "address": f"evt.{name}.{{id}}",
        "description": _words(fact),
        "parameters": {"id": {"description": "Id of what it happened to: the subject of the event."}},
        "messages": {fact.type: _ref("components/messages", fact.type)},
        "x-jetstream": STREAM,
    }


def _event_message(fact: type[Fact]) -> dict[str, Any]:
    exact = {"type": {"const": fact.type}, "dataschema": {"const": f"urn:khaimac:schema:{fact.type}"}}
    data = {"type": "object", "properties": {**exact, "data": _model(fact)}}
    return {
        "name": fact.type,
        "summary": _words(fact),
        "contentType": CONTENT_TYPE,
        "correlationId": {"location": "$message.payload#/correlationid"},
        "payload": {"allOf": [_model(Event), data]},
    }


def _event_operations(fact: type[Fact]) -> dict[str, Any]:
    name = _channel_name(fact)
    about = {
        "channel": _ref("channels", name),
        "messages": [_ref(f"channels/{name}/messages", fact.type)],
    }
    told = {f"{fact.owner()}.tells.{name}": {"action": "send", **about, "tags": [{"name": fact.owner()}]}}
    heard = {
        f"{service}.hears.{name}": {"action": "receive", **about, "tags": [{"name": service}]}
        for service in catalogue.listeners(fact)
    }
    return told | heard


# Questions and commands.


def _ask_channels(ask: Ask[Any, Any]) -> dict[str, Any]:
    reply = f"{ask.subject}.reply"
    return {
        ask.subject: {
            "address": ask.subject,
            "description": _words(ask.request),
            "messages": {"request": _ref("components/messages", ask.subject)},
        },
        reply: {
            "address": None,
            "description": "The reply subject of the request.",
            "messages": {
                "answer": _ref("components/messages", reply),
                "refusal": _ref("components/messages", "refusal"),
            },
        },
    }


def _ask_messages(ask: Ask[Any, Any]) -> dict[str, Any]:
    return {
        ask.subject: {
            "name": ask.request.__name__,
            "summary": _words(ask.request),
            "headers": _ASK_HEADERS,
            "correlationId": {"location": "$message.header#/Khaimac-Correlation"},
            "payload": _model(ask.request),
        },
        f"{ask.subject}.reply": {
            "name": ask.reply.__name__,
            "summary": _words(ask.reply),
            "payload": _model(ask.reply),
        },
    }


def _ask_operation(ask: Ask[Any, Any]) -> dict[str, Any]:
    reply = f"{ask.subject}.reply"
    kind = "command" if ask.changes else "question"
    return {
        "action": "receive",
        "channel": _ref("channels", ask.subject),
        "summary": _words(ask.request),
        "tags": [{"name": ask.service}, {"name": kind}],
        "messages": [_ref(f"channels/{ask.subject}/messages", "request")],
        "reply": {
            "channel": _ref("channels", reply),
            "messages": [_ref(f"channels/{reply}/messages", one) for one in ("answer", "refusal")],
        },
    }


def _refusal() -> dict[str, Any]:
    return {
        "name": "RefusalOnWire",
        "summary": _words(RefusalOnWire),
        "headers": _REFUSED_HEADERS,
        "payload": _model(RefusalOnWire),
    }


# Models.


def _schemas(facts: Iterable[type[Fact]], asks: Iterable[Ask[Any, Any]]) -> dict[str, Any]:
    models: set[type[BaseModel]] = {Event, RefusalOnWire, *facts}
    for ask in asks:
        models |= {ask.request, ask.reply}
    if len({model.__name__ for model in models}) < len(models):
        names = sorted(model.__name__ for model in models)
        raise ValueError(f"two models have one name: {[one for one in names if names.count(one) > 1]}")
    ordered = sorted(models, key=lambda model: (model.__module__, model.__name__))
    _, made = models_json_schema([(model, "validation") for model in ordered], ref_template=_MODELS + "{model}")
    return dict(sorted(made["$defs"].items()))


def _model(model: type[BaseModel]) -> dict[str, str]:
    return {"$ref": _MODELS + model.__name__}


def _ref(where: str, name: str) -> dict[str, str]:
    return {"$ref": f"#/{where}/{name}"}


def _words(model: type[BaseModel]) -> str:
    """Its own docstring, else its name."""
    own = inspect.cleandoc(model.__dict__.get("__doc__") or model.__name__)
    return " ".join(own.split())
