"""Guests' tables: lists with their guests, posts and rolls; people and organisations of the office."""

from collections.abc import Iterable, Iterator
from itertools import islice
from typing import Any

import sqlalchemy as sa

from services.kit.parts import Parts
from services.kit.store import Tx

metadata = sa.MetaData()
parts = Parts(metadata)
_AT_ONCE = 500  # values in one IN (…): both engines take more, and none is faster

organisation = sa.Table(
    "organisation",
    metadata,
    sa.Column("id", sa.String(36), primary_key=True),
    sa.Column("office", sa.String(40), nullable=False),
    sa.Column("name", sa.Text, nullable=False),
    sa.Column("name_key", sa.Text, nullable=False),
    sa.UniqueConstraint("office", "name_key"),
)

person = sa.Table(
    "person",
    metadata,
    sa.Column("id", sa.String(36), primary_key=True),
    sa.Column("office", sa.String(40), nullable=False),
)

# What tells a person again, see model.matching.marks.
person_mark = sa.Table(
    "person_mark",
    metadata,
    sa.Column("guest_id", sa.String(36), sa.ForeignKey("guest.id"), primary_key=True),
    sa.Column("mark", sa.String(64), primary_key=True, index=True),
)

guest_list = sa.Table(
    "guest_list",
    metadata,
    sa.Column("ceremony_id", sa.String(36), primary_key=True),
    sa.Column("office", sa.String(40), nullable=False),
    sa.Column("version", sa.Integer, nullable=False),
    sa.Column("profile", sa.String(80), nullable=False),
    sa.Column("on", sa.Date),
)

# `name` is that of the person, or the label of the group; `at_version` the version of the list that brought the row;
# `find_key` what it is found by, see services.lang.find_key.
guest = sa.Table(
    "guest",
    metadata,
    sa.Column("id", sa.String(36), primary_key=True),
    sa.Column("ceremony_id", sa.String(36), sa.ForeignKey("guest_list.ceremony_id"), nullable=False, index=True),
    sa.Column("version", sa.Integer, nullable=False),
    sa.Column("at_version", sa.Integer, nullable=False),
    sa.Column("find_key", sa.Text, nullable=False),
    sa.Column("person_id", sa.String(36), sa.ForeignKey("person.id"), index=True),
    sa.Column("name", sa.Text, nullable=False),
    sa.Column("honorific", sa.Text),
    sa.Column("rank", sa.Text),
    sa.Column("born_on", sa.Date),
    sa.Column("email", sa.Text),
    sa.Column("phone", sa.Text),
    sa.Column("language", sa.Text),
    sa.Column("head_count", sa.Integer),
    sa.Column("head_count_kind", sa.String(20)),
    sa.Column("side", sa.String(10), nullable=False),
    sa.Column("delegation", sa.Text),
    sa.Column("note", sa.Text),
    sa.Column("code", sa.Text),
    sa.Column("seat", sa.Text),
    sa.Column("attends_as", sa.Text),
    sa.Column("state", sa.String(20), nullable=False),
    sa.Column("stands_in_for", sa.String(36)),
    sa.Column("interim", sa.Boolean, nullable=False),
    sa.Column("original", sa.Text),
)

post = sa.Table(
    "post",
    metadata,
    sa.Column("guest_id", sa.String(36), sa.ForeignKey("guest.id"), primary_key=True),
    sa.Column("ordinal", sa.Integer, primary_key=True),
    sa.Column("title", sa.Text, nullable=False),
    sa.Column("organisation", sa.Text),
    sa.Column("organisation_id", sa.String(36), sa.ForeignKey("organisation.id")),
    sa.Column("level", sa.Text),
    sa.Column("bloc", sa.Text),
    sa.Column("cls", sa.Text),
    sa.Column("since", sa.Date),
    sa.Column("until", sa.Date),
)

# The names of a group's members, where there is a roll.
roll = sa.Table(
    "roll",
    metadata,
    sa.Column("guest_id", sa.String(36), sa.ForeignKey("guest.id"), primary_key=True),
    sa.Column("ordinal", sa.Integer, primary_key=True),
    sa.Column("name", sa.Text, nullable=False),
)

# What sources say of the size of a group, beside the number on the list itself.
head_count = sa.Table(
    "head_count",
    metadata,
    sa.Column("guest_id", sa.String(36), sa.ForeignKey("guest.id"), primary_key=True),
    sa.Column("ordinal", sa.Integer, primary_key=True),
    sa.Column("id", sa.String(36), nullable=False),
    sa.Column("count", sa.Integer, nullable=False),
    sa.Column("kind", sa.String(20), nullable=False),
    sa.Column("as_of", sa.Date),
    sa.Column("source", sa.Text),
    sa.Column("chosen", sa.Boolean, nullable=False),
)

# From here on tables name guests without a foreign key: the row of a guest is written anew when it is changed.

# How a guest came to his state, in the order of `ordinal`; `was` is null where he came onto the list with it.
answer = sa.Table(
    "answer",
    metadata,
    sa.Column("guest_id", sa.String(36), primary_key=True),
    sa.Column("ordinal", sa.Integer, primary_key=True),
    sa.Column("state", sa.String(20), nullable=False),
    sa.Column("was", sa.String(20)),
    sa.Column("at", sa.Float, nullable=False),
    sa.Column("by", sa.String(80)),
    sa.Column("through", sa.String(20), nullable=False),
    sa.Column("note", sa.Text),
)

arrangement = sa.Table(
    "arrangement",
    metadata,
    sa.Column("guest_id", sa.String(36), primary_key=True),
    sa.Column("plus_count", sa.Integer),
    sa.Column("contact_name", sa.Text),
    sa.Column("contact_phone", sa.Text),
    sa.Column("contact_email", sa.Text),
    sa.Column("arrival_at", sa.String(40)),
    sa.Column("arrival_vehicle", sa.Text),
    sa.Column("arrival_note", sa.Text),
)

plus_one = sa.Table(
    "plus_one",
    metadata,
    sa.Column("guest_id", sa.String(36), primary_key=True),
    sa.Column("ordinal", sa.Integer, primary_key=True),
    sa.Column("name", sa.Text, nullable=False),
    sa.Column("note", sa.Text),
)

need = sa.Table(
    "need",
    metadata,
    sa.Column("guest_id", sa.String(36), primary_key=True),
    sa.Column("ordinal", sa.Integer, primary_key=True),
    sa.Column("kind", sa.String(20), nullable=False),
    sa.Column("text", sa.Text),
)

# Who comes for whom, and what it takes to undo that: what both were, and the duties that went over.
stand_in = sa.Table(
    "stand_in",
    metadata,
    sa.Column("guest_id", sa.String(36), primary_key=True),
    sa.Column("stand_in_id", sa.String(36), nullable=False, unique=True),
    sa.Column("guest_was", sa.String(20), nullable=False),
    sa.Column("stand_in_was", sa.String(20)),
    sa.Column("seat_was", sa.Text),
    sa.Column("items", sa.Text, nullable=False),
    sa.Column("lines", sa.Text, nullable=False),
)

# Halls of the office, as the JSON of schemas.halls.Hall.
hall = sa.Table(
    "hall",
    metadata,
    sa.Column("office", sa.String(40), primary_key=True),
    sa.Column("key", sa.String(40), primary_key=True),
    sa.Column("version", sa.Integer, nullable=False),
    sa.Column("body", sa.Text, nullable=False),
)

seating = sa.Table(
    "seating",
    metadata,
    sa.Column("ceremony_id", sa.String(36), primary_key=True),
    sa.Column("office", sa.String(40), nullable=False),
    sa.Column("version", sa.Integer, nullable=False),
    sa.Column("pattern", sa.Text, nullable=False),
)

# The halls of a ceremony as they were when they were chosen: a hall that is drawn anew moves nobody.
seating_hall = sa.Table(
    "seating_hall",
    metadata,
    sa.Column("ceremony_id", sa.String(36), sa.ForeignKey("seating.ceremony_id"), primary_key=True),
    sa.Column("ordinal", sa.Integer, primary_key=True),
    sa.Column("body", sa.Text, nullable=False),
)

# A head at a place. `slot` is empty for a seat, which one head holds, and the head's own in a standing block.
seat_held = sa.Table(
    "seat_held",
    metadata,
    sa.Column("ceremony_id", sa.String(36), sa.ForeignKey("seating.ceremony_id"), primary_key=True),
    sa.Column("guest_id", sa.String(36), primary_key=True, index=True),
    sa.Column("nth", sa.Integer, primary_key=True),
    sa.Column("place", sa.String(100), nullable=False),
    sa.Column("slot", sa.String(60), nullable=False),
    sa.Column("heads", sa.Integer, nullable=False),
    sa.Column("fixed", sa.Boolean, nullable=False),
    sa.UniqueConstraint("ceremony_id", "place", "slot"),
)

# What a version of a seating changed, as it was before: JSON that only store.seats reads.
seating_step = sa.Table(
    "seating_step",
    metadata,
    sa.Column("ceremony_id", sa.String(36), sa.ForeignKey("seating.ceremony_id"), primary_key=True),
    sa.Column("version", sa.Integer, primary_key=True),
    sa.Column("body", sa.Text, nullable=False),
)

# Who held which place in a release.
seating_frozen = sa.Table(
    "seating_frozen",
    metadata,
    sa.Column("ceremony_id", sa.String(36), sa.ForeignKey("seating.ceremony_id"), primary_key=True),
    sa.Column("release", sa.Integer, primary_key=True),
    sa.Column("body", sa.Text, nullable=False),
)

# Places given by hand, see model.placing. No key to the guest's own row: that is written anew when it changes.
placing = sa.Table(
    "placing",
    metadata,
    sa.Column("guest_id", sa.String(36), primary_key=True),
    sa.Column("ceremony_id", sa.String(36), sa.ForeignKey("guest_list.ceremony_id"), nullable=False, index=True),
    sa.Column("before_id", sa.String(36)),
    sa.Column("after_id", sa.String(36)),
    sa.Column("turn", sa.Integer, nullable=False),
    sa.Column("reason", sa.Text, nullable=False),
    sa.Column("placed_by", sa.String(80)),
    sa.Column("placed_at", sa.String(40), nullable=False),
    sa.Column("version", sa.Integer, nullable=False),
)

# What an office says that a title counts as; no organisation: whichever it is of.
settled_title = sa.Table(
    "settled_title",
    metadata,
    sa.Column("id", sa.String(36), primary_key=True),
    sa.Column("office", sa.String(40), nullable=False, index=True),
    sa.Column("profile", sa.String(80), nullable=False),
    sa.Column("title", sa.Text, nullable=False),
    sa.Column("organisation", sa.Text),
    sa.Column("level", sa.Text, nullable=False),
    sa.Column("bloc", sa.Text, nullable=False),
    sa.Column("cls", sa.Text, nullable=False),
    sa.Column("settled_by", sa.String(80)),
    sa.Column("settled_at", sa.String(40), nullable=False),
    sa.Column("version", sa.Integer, nullable=False),
)

# What the columns of a table with these headings (a SHA-256) mean: fields as a JSON list, null for what is not read.
layout = sa.Table(
    "layout",
    metadata,
    sa.Column("office", sa.String(40), primary_key=True),
    sa.Column("heads", sa.String(64), primary_key=True),
    sa.Column("fields", sa.Text, nullable=False),
)

# Who was erased. `words` (JSON) name him in texts, until every service has erased them; `done` names those that have.
erasure = sa.Table(
    "erasure",
    metadata,
    sa.Column("id", sa.String(36), primary_key=True),
    sa.Column("office", sa.String(40), nullable=False, index=True),
    sa.Column("ceremony_id", sa.String(36), nullable=False),
    sa.Column("guest_id", sa.String(36), nullable=False),
    sa.Column("at", sa.String(40), nullable=False),
    sa.Column("by", sa.String(80)),
    sa.Column("reason", sa.Text, nullable=False),
    sa.Column("words", sa.Text),
    sa.Column("done", sa.Text, nullable=False),
)

# How long a ceremony's contact data and papers are kept, as JSON of schemas.privacy.Keeping; null: as everywhere.
# And when they were erased last.
retention = sa.Table(
    "retention",
    metadata,
    sa.Column("ceremony_id", sa.String(36), sa.ForeignKey("guest_list.ceremony_id"), primary_key=True),
    sa.Column("version", sa.Integer, nullable=False),
    sa.Column("keeping", sa.Text),
    sa.Column("contacts_erased", sa.String(40)),
    sa.Column("papers_erased", sa.String(40)),
)

# Guests of whom somebody said that they are two people, however alike they are; `one` is the smaller id.
two_people = sa.Table(
    "two_people",
    metadata,
    sa.Column("one", sa.String(36), primary_key=True),
    sa.Column("other", sa.String(36), primary_key=True, index=True),
    sa.Column("ceremony_id", sa.String(36), sa.ForeignKey("guest_list.ceremony_id"), nullable=False, index=True),
)


def insert(tx: Tx, table: sa.Table, rows: list[dict[str, Any]]) -> None:
    if rows:
        tx.conn.execute(table.insert(), rows)


def chunks(values: Iterable[str]) -> Iterator[list[str]]:
    left = iter(values)
    while some := list(islice(left, _AT_ONCE)):
        yield some
