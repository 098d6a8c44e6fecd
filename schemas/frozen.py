"""Frozen contracts of the events: what new code may not change, and samples that it must still read."""

import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from pydantic import BaseModel

from schemas import catalogue
from schemas.envelope import Event

FOLDER = Path(__file__).with_name("contracts")
ENVELOPE = "envelope"
_ID = "0190a1b2-0000-7000-8000-000000000001"
_AT = "2024-06-20T08:00:00Z"
# A schema is narrower when the first ones grow, or the second ones shrink.
_LOWEST = ("minimum", "exclusiveMinimum", "minLength", "minItems")
_HIGHEST = ("maximum", "exclusiveMaximum", "maxLength", "maxItems")
Schema = Mapping[str, Any]


def present() -> dict[str, dict[str, Any]]:
    """The schemas of today's code, by event type; and the envelope's."""
    facts = {name: _schema(fact) for name, fact in catalogue.facts().items()}
    return {ENVELOPE: _schema(Event)} | facts


def freeze(folder: Path = FOLDER) -> list[str]:
    """Write what is new and what was only added to; answers the breaks, of which nothing is written."""
    schemas = present()
    found = [f"{name}: the event type is gone" for name in frozen_names(folder) if name not in schemas]
    for name, schema in schemas.items():
        path = folder / f"{name}.json"
        broken = breaks(json.loads(path.read_text("utf-8")), schema) if path.exists() else []
        found += [f"{name}: {one}" for one in broken]
        if not broken:
            path.write_text(as_text(schema), "utf-8")
        golden = folder / f"{name}.sample.json"
        if name != ENVELOPE and not golden.exists():
            golden.write_text(as_text(sample(name, schema)), "utf-8")
    return found


def frozen_names(folder: Path = FOLDER) -> list[str]:
    names = (path.name.removesuffix(".json") for path in sorted(folder.glob("*.json")))
    return [name for name in names if not name.endswith(".sample")]


def as_text(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, indent=2, sort_keys=True) + "\n"


def _schema(model: type[BaseModel]) -> dict[str, Any]:
    return model.model_json_schema(mode="validation")


def sample(name: str, schema: Schema) -> dict[str, Any]:
    """A whole event of this type with every field filled."""
    return {
        "specversion": "1.0",
        "id": _ID,
        "source": f"/{name.split('.', 1)[0]}",
        "type": name,
        "subject": _ID,
        "time": _AT,
        "datacontenttype": "application/json",
        "dataschema": f"urn:khaimac:schema:{name}",
        "office": "office",
        "correlationid": _ID,
        "causationid": _ID,
        "authtype": "system",
        "authid": None,
        "data": filled(schema),
    }


def filled(schema: Schema) -> Any:
    """A value of this schema with every field filled."""
    return _value(schema, schema.get("$defs", {}))


_PLAIN: dict[str, Any] = {"string": "text", "integer": 7, "number": 0.5, "boolean": True, "null": None}
_FORMATS = {"date": "2024-07-01", "time": "08:30:00", "date-time": _AT}


def _value(schema: Schema, defs: Schema) -> Any:
    schema = _resolved(schema, defs)
    if "const" in schema or "enum" in schema:
        return schema.get("const", schema.get("enum", [None])[0])
    if "pattern" in schema and "examples" in schema:
        return schema["examples"][0]
    if "anyOf" in schema:
        return _value(schema["anyOf"][0], defs)
    if schema.get("type") == "array":
        return [_value(schema["items"], defs)]
    if schema.get("type") == "object":
        fields = {name: _value(one, defs) for name, one in schema.get("properties", {}).items()}
        more = schema.get("additionalProperties")
        return fields | ({"scheduling": _value(more, defs)} if isinstance(more, dict) else {})
    return _FORMATS.get(schema.get("format", ""), _PLAIN.get(schema.get("type", "null")))


# What breaks.


def breaks(old: Schema, new: Schema) -> list[str]:
    """What in the new schema would break those who know the old one; empty if it was at most added to.

    That is a field removed, retyped, narrowed (enum, limits, pattern), newly required, newly or no longer null.
    """
    return list(_Comparison(old.get("$defs", {}), new.get("$defs", {})).of(old, new, ""))


class _Comparison:
    def __init__(self, old_defs: Schema, new_defs: Schema) -> None:
        self.old_defs, self.new_defs = old_defs, new_defs

    def of(self, old: Schema, new: Schema, path: str) -> Iterator[str]:
        were, are = _alternatives(old, self.old_defs), _alternatives(new, self.new_defs)
        where = path or "the whole"
        if ("null" in were) != ("null" in are):
            yield f"{where} {'may be null now' if 'null' in are else 'may no longer be null'}"
        kinds, now = sorted(were.keys() - {"null"}), sorted(are.keys() - {"null"})
        if kinds != now:
            yield f"{where} was {' or '.join(kinds)} and is {' or '.join(now)}"
            return
        for kind in kinds:
            yield from self._narrowed(were[kind], are[kind], where)
            yield from self._fields(were[kind], are[kind], path)
            yield from self._inside(were[kind], are[kind], path)

    def _narrowed(self, old: Schema, new: Schema, where: str) -> Iterator[str]:
        if "enum" in new and (gone := _lost(old.get("enum"), new["enum"])):
            yield f"{where} no longer takes {gone}"
        for limit in (*_LOWEST, *_HIGHEST):
            if _narrower(limit, old.get(limit), new.get(limit)):
                yield f"{where} has {limit} {new[limit]}, was {old.get(limit, 'without')}"
        if "pattern" in new and new["pattern"] != old.get("pattern"):
            yield f"{where} has the pattern {new['pattern']}, was {old.get('pattern', 'without')}"

    def _fields(self, old: Schema, new: Schema, path: str) -> Iterator[str]:
        were, are = old.get("properties", {}), new.get("properties", {})
        for name in sorted(set(new.get("required", [])) - set(old.get("required", []))):
            yield f"{_at(path, name)} is newly required"
        for name, schema in were.items():
            if name not in are:
                yield f"{_at(path, name)} is removed"
            else:
                yield from self.of(schema, are[name], _at(path, name))

    def _inside(self, old: Schema, new: Schema, path: str) -> Iterator[str]:
        for part in ("items", "additionalProperties"):
            was, now = old.get(part, True), new.get(part, True)
            if isinstance(was, dict) and isinstance(now, dict):
                yield from self.of(was, now, _at(path, "*"))
            elif was is not now and now is not True:
                yield f"{_at(path, '*')} is narrower than it was"


def _at(path: str, name: str) -> str:
    return f"{path}.{name}" if path else name


def _resolved(schema: Schema, defs: Schema) -> Schema:
    while "$ref" in schema:
        schema = defs[schema["$ref"].rsplit("/", 1)[1]]
    return schema


def _alternatives(schema: Schema, defs: Schema) -> dict[str, Schema]:
    """By kind: the type with its format; a constant is an enumeration of one."""
    schema = _resolved(schema, defs)
    found: dict[str, Schema] = {}
    for one in schema.get("anyOf", [schema]):
        plain = dict(_resolved(one, defs))
        if "const" in plain:
            plain["enum"] = [plain["const"]]
        found[" ".join(filter(None, (plain.get("type", "anything"), plain.get("format"))))] = plain
    return found


def _lost(old: list[Any] | None, new: list[Any]) -> str:
    if old is None:
        return "anything but " + ", ".join(map(str, new))
    return ", ".join(str(one) for one in old if one not in new)


def _narrower(limit: str, old: float | None, new: float | None) -> bool:
    if new is None:
        return False
    return old is None or (new > old if limit in _LOWEST else new < old)
