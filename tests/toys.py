"""Two services just large enough to attack the spine: one counts, the other hears of it and writes it down."""

from typing import Any

import sqlalchemy as sa

from schemas.envelope import Ask, Command, Event, Fact, Question, Strict, Versioned
from schemas.errors import NotFound, StaleVersion
from services.kit.service import Service
from services.kit.store import Store, Tx

metadata = sa.MetaData()
counter = sa.Table(
    "counter", metadata, sa.Column("id", sa.String(36), primary_key=True), sa.Column("version", sa.Integer)
)
heard = sa.Table(
    "heard",
    metadata,
    sa.Column("n", sa.Integer, primary_key=True, autoincrement=True),
    sa.Column("event_id", sa.String(36)),
    sa.Column("version", sa.Integer),
)


class Count(Command):
    id: str
    expected_version: int | None = None


class GetCount(Question):
    id: str


class Echo(Question):
    text: str


class Counted(Fact, type="scheduling.toy.counted.v1"):
    version: int


class GetHeard(Question):
    """A model of its own: the catalogue counts what is asked with a model of schemas/ as the house's own."""


class Heard(Strict):
    events: tuple[str, ...]
    versions: tuple[int, ...]


count = Ask("scheduling", "toy_count", Count, Versioned)
get_count = Ask("scheduling", "toy_get_count", GetCount, Versioned)
echo = Ask("dispatch", "toy_echo", Echo, Echo)
get_heard = Ask("dispatch", "toy_heard", GetHeard, Heard)


def add_one(tx: Tx, command: Count) -> Versioned:
    old = tx.conn.execute(sa.select(counter.c.version).where(counter.c.id == command.id)).scalar()
    if command.expected_version is not None and command.expected_version != (old or 0):
        raise StaleVersion(what=command.id, expected=command.expected_version, actual=old or 0)
    version = (old or 0) + 1
    change = counter.update().where(counter.c.id == command.id) if old else counter.insert()
    tx.conn.execute(change.values(id=command.id, version=version))
    tx.emit(Counted(version=version), command.id, before={"version": old}, after={"version": version})
    return Versioned(id=command.id, version=version)


def version_of(conn: Any, question: GetCount) -> Versioned:
    version = conn.execute(sa.select(counter.c.version).where(counter.c.id == question.id)).scalar()
    if version is None:
        raise NotFound(what="counter", which=question.id)
    return Versioned(id=question.id, version=version)


def make_tables(store: Store) -> None:
    """The toys' own tables, beside those of the kit."""
    store.open(None)
    with store.engine.begin() as conn:
        metadata.create_all(conn)


class Counter(Service):
    name = "scheduling"

    def __init__(self, *args: Any) -> None:
        super().__init__(*args)
        self.commands = {count: add_one}
        self.questions = {get_count: version_of}

    async def start(self) -> None:
        await self.store.hop(make_tables, self.store)
        await super().start()


class Listener(Service):
    """Writes down what it hears; fails for the subjects named in `refuse`."""

    name = "dispatch"

    def __init__(self, *args: Any) -> None:
        super().__init__(*args)
        self.refuse: set[str] = set()
        self.attempts = 0
        self.questions = {get_heard: self._heard, echo: lambda _conn, question: question}
        self.reactions = {Counted: self.on_counted}

    async def start(self) -> None:
        await self.store.hop(make_tables, self.store)
        await super().start()

    async def on_counted(self, event: Event, fact: Counted) -> None:
        if event.subject in self.refuse:
            self.attempts += 1
            message = "Nguyễn Văn A is nobody's business"
            raise RuntimeError(message)
        await self.react(event, self._write, event.id, fact.version)

    @staticmethod
    def _write(tx: Tx, event_id: str, version: int) -> None:
        tx.conn.execute(heard.insert(), {"event_id": event_id, "version": version})

    @staticmethod
    def _heard(conn: Any, _question: Question) -> Heard:
        rows = conn.execute(sa.select(heard).order_by(heard.c.n)).all()
        return Heard(events=tuple(row.event_id for row in rows), versions=tuple(row.version for row in rows))
