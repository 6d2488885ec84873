"""Settings: one frozen value, read once at the start and passed down from there.

Precedence: command-line options, then the environment (`HANDRAIL_*`), then the TOML file named by
`--settings` or `HANDRAIL_SETTINGS`, then what is written here. Without a Temporal profile everything is
found in the data directory, where `handrail up` keeps it.
"""

import tomllib
from collections.abc import Mapping
from difflib import get_close_matches
from pathlib import Path
from typing import Final, Literal, Self
from uuid import UUID

from pydantic import AnyHttpUrl, BaseModel, ConfigDict, Field, SecretStr, ValidationError, model_validator

from use_cases.errors import InputError

PREFIX: Final = "HANDRAIL_"
PATHWAYS: Final = Path(__file__).parents[1] / "pathways"
"""Shipped beside the packages, installed or not."""

SETTINGS_FILE: Final = "HANDRAIL_SETTINGS"

KEY_LENGTH: Final = 73
"""Of what counts in a key of GOV.UK Notify: two UUIDs and a hyphen. A name may stand before them."""


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", hide_input_in_errors=True)


class TemporalSettings(_Part):
    """Which Temporal to use. Addresses, TLS and API keys are Temporal's own settings, in its profiles."""

    profile: str | None = Field(
        None,
        description="a profile of Temporal's configuration file, which `TEMPORAL_*` variables may complete; "
        "left out: the server that `handrail up` runs on the data directory",
    )
    config_file: Path | None = Field(None, description="left out: where Temporal's own tools keep theirs")


class MailSettings(_Part):
    """How notices leave by mail. Left out: the mailbox that `handrail up` runs."""

    host: str | None = None
    port: int = Field(25, ge=1, le=65535)
    security: Literal["none", "starttls", "tls"] = "starttls"
    username: str | None = None
    password: SecretStr | None = None
    sender: str = "Handrail <handrail@localhost>"


class NotifySettings(_Part):
    """How notices leave by GOV.UK Notify. Left out: e-mail goes by `smtp`, and text messages become somebody's job."""

    api_key: SecretStr | None = Field(
        None, min_length=KEY_LENGTH, description="of the service, as Notify shows it once"
    )
    email_template: UUID | None = Field(
        None, description="has `((subject))` and `((body))`; e-mail then goes by Notify"
    )
    text_template: UUID | None = Field(None, description="has `((body))`; text messages then go by Notify")
    base_url: AnyHttpUrl = Field(AnyHttpUrl("https://api.notifications.service.gov.uk"), description="of Notify's API")

    @model_validator(mode="after")
    def _key_and_template(self) -> Self:
        if (self.api_key is None) != (self.email_template is None and self.text_template is None):
            raise ValueError("GOV.UK Notify needs an api_key, and a template for each channel that is to go by it")
        return self


class Settings(_Part):
    """Everything that can be set. See `docs/operating.md`."""

    data: Path = Field(Path("data"), description="what `handrail up` keeps: databases, keys, mail, logs")
    database_url: str | None = Field(None, description="SQLAlchemy's address; left out: SQLite in the data directory")
    temporal: TemporalSettings = TemporalSettings()
    task_queue: str = Field("handrail", min_length=1)
    payload_keys: Path | None = Field(None, description="left out: made in the data directory on the first start")
    smtp: MailSettings = MailSettings()
    notify: NotifySettings = NotifySettings()
    base_url: str | None = Field(None, description="where people reach Handrail; used in notices")
    account: str | None = Field(None, description="whom the command line acts for, when `--as` does not say")
    pathways: Path = Field(PATHWAYS, description="definitions that are published when Handrail starts")

    @property
    def embedded(self) -> bool:
        """Whether everything runs on this machine, from the data directory."""
        return self.temporal.profile is None


def load_settings(environment: Mapping[str, str], file: Path | None = None, **options: object) -> Settings:
    """Read the settings.

    Args:
        environment: `os.environ`, read by the caller.
        file: The file named by `--settings`; else by the environment, else none.
        options: From the command line; None where an option was not given.

    Raises:
        InputError: A file cannot be read, or a setting is not understood; the message names it.
    """
    named = file or (Path(environment[SETTINGS_FILE]) if environment.get(SETTINGS_FILE) else None)
    values = _from_file(named) if named else {}
    _merge(values, _from_environment(environment))
    _merge(values, {name: value for name, value in options.items() if value is not None})
    try:
        return Settings.model_validate(values)
    except ValidationError as error:
        raise InputError(_sentence(error, named)) from None


def _from_file(file: Path) -> dict[str, object]:
    try:
        return tomllib.loads(file.read_text(encoding="utf-8"))
    except OSError as error:
        raise InputError(f"The settings file {file} cannot be read: {error.strerror}.") from None
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise InputError(f"The settings file {file} is not TOML: {error}.") from None


def _from_environment(environment: Mapping[str, str]) -> dict[str, object]:
    values: dict[str, object] = {}
    for name, field in Settings.model_fields.items():
        if isinstance(field.annotation, type) and issubclass(field.annotation, BaseModel):
            keys = {key: f"{PREFIX}{name}_{key}".upper() for key in field.annotation.model_fields}
            given = {key: environment[variable] for key, variable in keys.items() if environment.get(variable)}
            values |= {name: given} if given else {}
        elif environment.get(f"{PREFIX}{name}".upper()):
            values[name] = environment[f"{PREFIX}{name}".upper()]
    return values


def _merge(values: dict[str, object], over: Mapping[str, object]) -> None:
    for name, value in over.items():
        below = values.get(name)
        values[name] = {**below, **value} if isinstance(below, dict) and isinstance(value, dict) else value


def _sentence(error: ValidationError, file: Path | None) -> str:
    source = f"the environment or {file}" if file else "the environment"
    lines = [f"The settings from {source} are not understood:"]
    for problem in error.errors(include_input=False, include_url=False):
        name = ".".join(str(part) for part in problem["loc"])
        message = problem["msg"]
        if problem["type"] == "extra_forbidden":
            close = get_close_matches(name.rpartition(".")[2], _names(), n=1)
            message = "there is no such setting" + (f"; did you mean `{close[0]}`?" if close else "")
        lines.append(f"  {name}: {message}")
    return "\n".join(lines)


def _names() -> list[str]:
    tables = (Settings, TemporalSettings, MailSettings, NotifySettings)
    return [name for table in tables for name in table.model_fields]
