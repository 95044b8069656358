"""Environment and command line -> one frozen Settings, read once.

Every name is documented in docs/operating.md; a test says so.
"""

from __future__ import annotations

import difflib
import os
from collections.abc import Mapping
from decimal import Decimal
from enum import StrEnum
from ipaddress import ip_network
from pathlib import Path
from typing import Self
from urllib.parse import quote

from pydantic import BaseModel, ConfigDict, Field, SecretStr, ValidationError, field_validator, model_validator

from interviewer.errors import SettingError

PREFIX = "INTERVIEWER_"
_FROM_SDK = {
    "OPENAI_API_KEY": "openai_api_key",
    "OPENAI_BASE_URL": "openai_base_url",
    "OTEL_EXPORTER_OTLP_ENDPOINT": "otlp_endpoint",
}
MOST_MONEY = 1_000_000
MOST_TOKENS = 10**12
"""Of prices and budgets; what is larger is a slip."""
ODD_VOTES = (1, 3, 5)
"""Of an even number there may be no majority; more than five cost more than they tell."""
_LOOPBACK = frozenset({"127.0.0.1", "::1", "localhost"})


class Accounts(StrEnum):
    """`off`: nobody has an account. `open`: anybody may sign up, guests practise too. `invite`: by invitation only."""

    OFF = "off"
    OPEN = "open"
    INVITE = "invite"


def _shipped(name: str) -> Path:
    """A folder that ships with the code: beside the package in a checkout, inside it when installed."""
    inside = Path(__file__).parent / "_data" / name
    return inside if inside.is_dir() else Path(__file__).parent.parent / name


class Settings(BaseModel):
    """What an operator can choose. Times are in seconds, sizes in characters or bytes, as the names say."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    host: str = "127.0.0.1"
    port: int = Field(default=8000, ge=0, le=65535)
    database: Path = Path("data/interviewer.sqlite3")
    database_url: SecretStr | None = None
    """Where interviews are kept instead of in the file `database`: postgresql://user:password@host:5432/name."""
    database_password: SecretStr | None = None
    """The password for `database_url`, written as it is; it may come from a file of its own."""
    database_pool: int = Field(default=10, ge=1, le=1000)
    """Connections of each worker to PostgreSQL; one more listens."""
    database_wait_s: float = Field(default=10.0, gt=0, le=600)
    """How long a database is waited for that others hold locked, or that does not answer."""
    workers: int = Field(default=1, ge=1, le=64)
    """Processes that serve."""
    bank_dir: Path = Field(default_factory=lambda: _shipped("bank"))
    prompts_dir: Path = Field(default_factory=lambda: _shipped("prompts"))
    trusted_hosts: str = ""
    """Host names the server answers to, comma-separated; needed as soon as `host` is not loopback."""
    accounts: Accounts = Accounts.OFF
    """Whether people may sign up, and whether anything can be done without."""
    retention_days: int | None = Field(default=None, ge=1, le=36_500)
    """Days after which an interview that nothing has happened in is deleted; None keeps them all."""
    trusted_proxies: str = "127.0.0.1,::1"
    """Addresses and networks of reverse proxies, comma-separated; only they may say who asks, and how."""
    answers_per_minute: int = Field(default=120, ge=0)
    """Of one person: answers and all other moves. Of this and the next seven, 0 is no limit."""
    drafts_per_minute: int = Field(default=180, ge=0)
    starts_per_hour: int = Field(default=60, ge=0)
    sign_ins_per_quarter_hour: int = Field(default=10, ge=0)
    """For one name from one address."""
    model_requests_per_hour: int = Field(default=300, ge=0)
    files_per_minute: int = Field(default=20, ge=0)
    streams_per_person: int = Field(default=20, ge=0)
    people_per_address: int = Field(default=50, ge=0)
    """One address may do as much as so many people."""
    gradings_at_once: int = Field(default=4, ge=0)
    """By a model, of one person in one process."""
    pdfs_at_once: int = Field(default=3, ge=1)
    """PDFs and decks made at once in one process; the others wait a little."""
    answer_chars: int = Field(default=20_000, ge=100, le=500_000)
    body_bytes: int = Field(default=4_000_000, ge=10_000)
    model: str = ""
    """Name of the model that marks; empty means the offline grader."""
    model_timeout_s: float = Field(default=30.0, gt=0, le=600)
    model_retries: int = Field(default=1, ge=0, le=5)
    model_temperature: float | None = Field(default=None, ge=0, le=2)
    model_max_tokens: int = Field(default=4000, ge=100, le=200_000)
    model_failures: int = Field(default=3, ge=1, le=1000)
    """How often in a row the model may fail before it is left alone for a while."""
    model_pause_s: float = Field(default=30.0, gt=0, le=86_400)
    """The first pause; each that follows is twice as long, up to `model_longest_pause_s`."""
    model_longest_pause_s: float = Field(default=600.0, gt=0, le=86_400)
    model_concurrency: int = Field(default=16, ge=1, le=10_000)
    """Calls of the model at once in this process; the others wait their turn within their time."""
    model_price_in: Decimal | None = Field(default=None, ge=0, le=MOST_MONEY)
    """Price of a million tokens that the model reads, in `model_currency`; `model_price_out` of those it writes."""
    model_price_out: Decimal | None = Field(default=None, ge=0, le=MOST_MONEY)
    model_currency: str = Field(default="USD", pattern="^[A-Z]{3}$")
    model_tokens_per_interview: int | None = Field(default=None, ge=1, le=MOST_TOKENS)
    model_tokens_per_day: int | None = Field(default=None, ge=1, le=MOST_TOKENS)
    model_cost_per_interview: Decimal | None = Field(default=None, gt=0, le=MOST_MONEY)
    model_cost_per_day: Decimal | None = Field(default=None, gt=0, le=MOST_MONEY)
    model_votes: int = 1
    """How often the model is asked about each answer; of 3 or 5 readings the median counts."""
    log_level: str = Field(default="info", pattern="^(debug|info|warning|error)$")
    log_format: str = Field(default="text", pattern="^(text|json)$")
    metrics: str = Field(default="local", pattern="^(off|local|all)$")
    """Who may read `/metrics`: nobody, this machine and who has `metrics_token`, or whoever reaches the server."""
    metrics_token: SecretStr | None = Field(default=None, min_length=16)
    shutdown_s: int = Field(default=3, ge=0, le=60)
    openai_api_key: SecretStr | None = None
    openai_base_url: str | None = None
    otlp_endpoint: str | None = None
    """Where traces are sent, by OTLP over HTTP; nowhere when it is not set."""

    @model_validator(mode="after")
    def _refuse_unsafe(self) -> Self:
        if self.host not in _LOOPBACK and not self.trusted_hosts:
            raise ValueError(
                f"host {self.host} is reachable from other machines: set {PREFIX}TRUSTED_HOSTS to the names "
                "people will use for it, for example interview.example.org"
            )
        if self.model and not (self.openai_api_key or self.openai_base_url):
            raise ValueError(
                f"{PREFIX}MODEL is set but neither OPENAI_API_KEY nor OPENAI_BASE_URL says where to find it"
            )
        if self.model_longest_pause_s < self.model_pause_s:
            raise ValueError(f"{PREFIX}MODEL_LONGEST_PAUSE_S is shorter than {PREFIX}MODEL_PAUSE_S, the first pause")
        self._refuse_useless_budgets()
        if self.metrics_token and self.metrics != "local":
            raise ValueError(f"{PREFIX}METRICS_TOKEN is only asked for when {PREFIX}METRICS is local: drop one of them")
        if self.model_votes not in ODD_VOTES:
            raise ValueError(f"{PREFIX}MODEL_VOTES is {self.model_votes}: set it to 1, 3 or 5")
        return self

    def _refuse_useless_budgets(self) -> None:
        least = self.model_max_tokens
        for name in ("MODEL_TOKENS_PER_INTERVIEW", "MODEL_TOKENS_PER_DAY"):
            if (limit := getattr(self, name.lower())) is not None and limit <= least:
                raise ValueError(
                    f"{PREFIX}{name} leaves no room for one reply, which may have {PREFIX}MODEL_MAX_TOKENS ({least}) "
                    "tokens: raise the first or lower the second"
                )
        prices = {"MODEL_PRICE_IN": self.model_price_in, "MODEL_PRICE_OUT": self.model_price_out}
        missing = [f"{PREFIX}{name}" for name, price in prices.items() if price is None]
        if len(missing) == 1:
            raise ValueError(f"{missing[0]} is missing beside the other price: set both, 0 is a price too")
        for name in ("MODEL_COST_PER_INTERVIEW", "MODEL_COST_PER_DAY"):
            if missing and getattr(self, name.lower()) is not None:
                raise ValueError(
                    f"{PREFIX}{name} is a limit on money, and there are no prices: set {' and '.join(missing)}, "
                    "or limit tokens instead"
                )
            limit = getattr(self, name.lower())
            if limit is not None and self.model_price_out and limit * 10**6 <= least * self.model_price_out:
                raise ValueError(
                    f"{PREFIX}{name} does not pay for one reply of {PREFIX}MODEL_MAX_TOKENS ({least}) tokens at "
                    f"{PREFIX}MODEL_PRICE_OUT: raise the first or lower the second"
                )

    @field_validator("trusted_proxies")
    @classmethod
    def _are_addresses(cls, given: str) -> str:
        for named in filter(None, (part.strip() for part in given.split(","))):
            try:
                ip_network(named)
            except ValueError:
                raise ValueError(
                    f"{named} is neither an address nor a network, such as 10.0.0.5 or 172.18.0.0/16: whoever may say "
                    "where a request comes from has to be named"
                ) from None
        return given

    @property
    def shared(self) -> bool:
        """Whether other processes may serve the same database."""
        return self.workers > 1 or self.database_url is not None

    @property
    def kept_at(self) -> Path | str:
        """Where interviews are kept: a file, or a URL that holds a password."""
        if self.database_url is None:
            return self.database
        url = self.database_url.get_secret_value()
        if self.database_password is None:
            return url
        scheme, _, rest = url.partition("://")  # by hand: an error of a parser would quote the password
        at, slash, name = rest.partition("/")
        user, _, host = at.rpartition("@")
        password = quote(self.database_password.get_secret_value(), safe="")
        return f"{scheme}://{user.partition(':')[0]}:{password}@{host}{slash}{name}"

    @property
    def currency(self) -> str | None:
        """What the model's costs are counted in; None without prices."""
        return None if self.model_price_in is None else self.model_currency

    @property
    def bank_cache(self) -> Path:
        """Folder of what was read of the bank, beside the database; it may go at any time."""
        return self.database.parent / "bank-cache"

    @property
    def proxies(self) -> tuple[str, ...]:
        """Addresses and networks of the trusted reverse proxies."""
        return tuple(filter(None, (part.strip() for part in self.trusted_proxies.split(","))))

    @property
    def allowed_hosts(self) -> tuple[str, ...]:
        """Host names the server answers to."""
        named = tuple(name.strip() for name in self.trusted_hosts.split(",") if name.strip())
        return named or ("localhost", "127.0.0.1", "[::1]", "::1")


def load_settings(environ: Mapping[str, str] = os.environ, **given: object) -> Settings:
    """Settings from the environment, with `given` (the command line; None means not given) on top.

    Any variable `NAME` may be given as `NAME_FILE`, a file that holds the value.

    Raises:
        SettingError: a name is unknown, a value does not fit, or the combination is unsafe.
    """
    values: dict[str, object] = {}
    for name, value in environ.items():
        field = field_of(name.removesuffix("_FILE"))
        if field is None:
            continue
        if name.endswith("_FILE"):
            value = _from_file(name, value)
        if value != "":
            values[field] = value
    values.update({name: value for name, value in given.items() if value is not None})
    if given.get("database") is not None:
        values.pop("database_url", None)  # a file that is named on the command line is the one that is meant
    try:
        return Settings(**values)  # type: ignore[arg-type]  # the values are validated there
    except ValidationError as error:
        faults = (
            f"{_named(fault['loc'])}{fault['msg'].removeprefix('Value error, ')}"
            for fault in error.errors(include_input=False)
        )
        raise SettingError("; ".join(faults)) from None


def setting_names() -> tuple[str, ...]:
    """Names of all environment variables that are read."""
    own = (f"{PREFIX}{name.upper()}" for name in Settings.model_fields if name not in _FROM_SDK.values())
    return (*own, *_FROM_SDK)


def field_of(name: str) -> str | None:
    """The field of Settings that an environment variable sets; None for one that is not ours.

    Raises:
        SettingError: it has our prefix, and there is no such setting.
    """
    if name in _FROM_SDK:
        return _FROM_SDK[name]
    if not name.startswith(PREFIX):
        return None
    if name not in setting_names():
        own = [known.removeprefix(PREFIX) for known in setting_names()]
        close = difflib.get_close_matches(name.removeprefix(PREFIX), own, n=1)
        advice = f" Did you mean {PREFIX}{close[0]}?" if close else " docs/operating.md lists them all."
        raise SettingError(f"Unknown setting {name}.{advice}")
    return name.removeprefix(PREFIX).lower()


def _from_file(name: str, path: str) -> str:
    try:
        return Path(path).read_text(encoding="utf-8").strip()
    except (OSError, UnicodeDecodeError) as error:
        raise SettingError(f"{name} names a file that cannot be read: {type(error).__name__}.") from error


def _named(loc: tuple[int | str, ...]) -> str:
    if not loc:
        return ""
    field = str(loc[0])
    sdk = {own: theirs for theirs, own in _FROM_SDK.items()}
    return f"{sdk.get(field, PREFIX + field.upper())}: "
