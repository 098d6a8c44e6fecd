"""How this installation is set up: environment variables that begin with KHAIMAC_, or a .env file."""

from datetime import UTC, datetime
from pathlib import Path
from typing import Literal

from pydantic import AwareDatetime, Field, SecretStr
from pydantic_settings import BaseSettings, SettingsConfigDict

from schemas.envelope import Clock
from schemas.errors import Refusal


class SqliteNeedsOneProcess(Refusal):
    """With SQLite all services run in one process. To run only {names}, set KHAIMAC_DATABASE_URL to PostgreSQL
    and KHAIMAC_NATS_URL to the NATS server that the processes share.
    """


class Settings(BaseSettings):
    """Every setting with its meaning; the defaults are those of one process on one machine."""

    model_config = SettingsConfigDict(env_prefix="KHAIMAC_", env_file=".env", extra="ignore")

    data_dir: Path = Field(Path("data"), description="Folder of the databases and of the embedded NATS server.")
    database_url: str | None = Field(
        None, description="SQLAlchemy URL of PostgreSQL; without it one SQLite file per service in data_dir."
    )
    nats_url: str | None = Field(
        None, description="NATS servers to use, separated by commas; without it the embedded server is started."
    )
    nats_replicas: int = Field(1, ge=1, le=5, description="Copies of the event stream in a NATS cluster.")
    ack_wait: float = Field(10, gt=0, description="Seconds until an event that nobody finished is given again.")
    patience: float = Field(15, ge=0, description="Seconds in all that a failing event is retried, then parked.")
    office: str = Field(
        "office",
        pattern="^[a-z0-9-]{1,40}$",
        description="Code of the office that runs the installation, and for which the command line works.",
    )
    http_host: str = Field("127.0.0.1", description="Address to listen on; others than loopback need public_url.")
    http_port: int = Field(8000, ge=0, le=65535, description="Port to listen on; 0 takes a free one.")
    public_url: str | None = Field(
        None, description="How people reach the gateway: for links in papers, and the one name it answers to."
    )
    trusted_proxies: str = Field(
        "127.0.0.1", description="Addresses of reverse proxies, with commas, whose X-Forwarded-For is believed."
    )
    oidc_issuer: str | None = Field(None, description="Address of an OpenID Connect provider to sign in by.")
    oidc_client_id: str | None = Field(None, description="What the provider calls this installation.")
    oidc_client_secret: SecretStr | None = Field(None, description="The secret that goes with it.")
    oidc_label: str = Field("OpenID Connect", description="What the button on the sign-in page calls the provider.")
    clock: AwareDatetime | None = Field(None, description="A fixed instant instead of now (demonstrations).")
    render_workers: int = Field(2, ge=1, le=32, description="Documents that are made at the same time.")
    keep_contacts_days: int | None = Field(
        None,
        ge=0,
        le=36500,
        description="Days after a ceremony after which its guests' contacts are erased, unless it says otherwise.",
    )
    keep_papers_days: int | None = Field(
        None, ge=0, le=36500, description="The same for the papers of its releases; without it they are kept."
    )
    log_format: Literal["console", "json"] = Field("console", description="Log lines for people, or as JSON.")
    log_level: Literal["DEBUG", "INFO", "WARNING", "ERROR"] = Field(
        "WARNING", description="From which gravity on something is logged."
    )

    def now(self) -> Clock:
        """The clock of this installation: UTC, or always the fixed instant."""
        fixed = self.clock
        return (lambda: fixed) if fixed else (lambda: datetime.now(UTC))

    def store_url(self, service: str) -> str:
        """The database of one service; PostgreSQL keeps a schema per service in one database."""
        return self.database_url or f"sqlite:///{self.data_dir.resolve()}/{service}.db"

    @property
    def https(self) -> bool:
        return (self.public_url or "").startswith("https://")

    @property
    def embedded(self) -> bool:
        return self.nats_url is None

    def check_alone(self, names: list[str], everything: int) -> None:
        """Refuse to split services over processes that could not share their database and bus."""
        if len(names) < everything and (self.database_url is None or self.embedded):
            raise SqliteNeedsOneProcess(names=", ".join(names))
