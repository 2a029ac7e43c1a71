"""`tieout keys`: API keys made, listed, changed and revoked, in the database of the service."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.console import Console
from rich.table import Table

from data.safe_text import shown
from serving.settings import ServiceFile, Settings, SettingsError, load_service_file
from serving.store.identity import SCOPES

if TYPE_CHECKING:
    from sqlalchemy import Engine

    from serving.store.keys import Key, KeyStore

app = typer.Typer(no_args_is_help=True, help="Make, list, change and revoke API keys.")

ConfigOption = Annotated[
    Path | None, typer.Option(help="YAML file of the service, for its database.")
]
KeyArgument = Annotated[str, typer.Argument(metavar="KEY_ID", show_default=False)]


def open_database(settings: Settings) -> "Engine":
    """The service's database, made where there is none yet. Raises `SettingsError`."""
    # Imported here: the database costs every other command half a second.
    from sqlalchemy.exc import SQLAlchemyError

    from serving.store.database import DatabaseError, open_engine, upgrade

    try:
        engine = open_engine(settings.database_url)
        upgrade(engine)
    except DatabaseError as error:
        raise SettingsError(str(error)) from error
    except (SQLAlchemyError, OSError) as error:
        told = " ".join(str(getattr(error, "orig", None) or error).split())
        raise SettingsError(f"the database cannot be used: {told}") from error
    return engine


@contextmanager
def key_store(settings: Settings) -> Iterator["KeyStore"]:
    """The keys of a service. Raises `SettingsError` for its database."""
    from serving.store.keys import KeyStore

    engine = open_database(settings)
    try:
        yield KeyStore(engine, lambda: datetime.now(UTC), settings.allowance)
    finally:
        engine.dispose()


def tell_of_missing_key(settings: Settings, config: Path | None) -> str:
    """One line on how to make a key, "" where there is one or none is asked for."""
    if settings.authentication == "none":
        return ""
    with key_store(settings) as store:
        if store.any_live():
            return ""
    place = f" --config {config}" if config else ""
    return f"there is no key yet; make one with: tieout keys create --tenant NAME{place}"


@app.command()
def create(
    tenant: Annotated[str, typer.Option(help="Whose jobs the key reaches, like acme-eu.")],
    label: Annotated[str, typer.Option(help="What the key is for, to know it again.")] = "default",
    scope: Annotated[
        list[str] | None, typer.Option(help=f"{', '.join(SCOPES)}; all when left out.")
    ] = None,
    expires_in_days: Annotated[
        int | None, typer.Option(min=1, max=3650, help="Never when left out.")
    ] = None,
    requests_per_minute: Annotated[
        int | None, typer.Option(min=1, help="The service's own when left out, as below.")
    ] = None,
    pages_per_day: Annotated[int | None, typer.Option(min=1)] = None,
    concurrent_jobs: Annotated[int | None, typer.Option(min=1)] = None,
    config: ConfigOption = None,
) -> None:
    """Make a key and print it, this once: only a digest of it is kept."""
    from serving.store.keys import NewKey

    ends = datetime.now(UTC) + timedelta(days=expires_in_days) if expires_in_days else None
    wanted = NewKey(
        tenant,
        shown(label),
        tuple(scope or SCOPES),
        ends,
        requests_per_minute,
        pages_per_day,
        concurrent_jobs,
    )
    with key_store(_settings(config)) as store:
        _print_new(*store.create(wanted))


@app.command("list")
def list_keys(
    tenant: Annotated[str | None, typer.Option(help="All tenants when left out.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON instead of a table.")] = False,
    config: ConfigOption = None,
) -> None:
    """List keys: whose, for what, until when, used when; never the key itself."""
    with key_store(_settings(config)) as store:
        keys = store.keys(tenant)
    if as_json:
        typer.echo(json.dumps([_as_json(key) for key in keys], indent=2, ensure_ascii=False))
        return
    table = Table("key id", "tenant", "label", "state", "scopes", "expires", "last used")
    now = datetime.now(UTC)
    for key in keys:
        scopes = "all" if set(key.scopes) == set(SCOPES) else ", ".join(key.scopes)
        moments = (_minute(key.expires_at), _minute(key.last_used_at))
        table.add_row(key.id, key.tenant, key.label, _state(key, now), scopes, *moments)
    Console().print(table)


@app.command()
def revoke(key_id: KeyArgument, config: ConfigOption = None) -> None:
    """End a key at once."""
    with key_store(_settings(config)) as store:
        key = store.revoke(key_id)
    typer.echo(f"tieout: revoked {key.id} ({key.tenant}, {key.label})", err=True)


@app.command()
def rotate(
    key_id: KeyArgument,
    overlap_hours: Annotated[
        int, typer.Option(min=0, max=720, help="How long the old key still opens.")
    ] = 24,
    config: ConfigOption = None,
) -> None:
    """Make a key in another's place and print it; the old one ends after the overlap."""
    with key_store(_settings(config)) as store:
        made = store.rotate(key_id, timedelta(hours=overlap_hours))
    typer.echo(f"tieout: {key_id} ends in {overlap_hours} h", err=True)
    _print_new(*made)


def _settings(config: Path | None) -> Settings:
    return (load_service_file(config) if config else ServiceFile()).settings


def _print_new(key: "Key", text: str) -> None:
    """The key alone on stdout, so that it can be piped into a secret store."""
    typer.echo(f"tieout: {key.id} for {key.tenant}; the key is shown this once", err=True)
    typer.echo(text)


def _state(key: "Key", now: datetime) -> str:
    if key.live(now):
        return "live"
    return "revoked" if key.revoked_at else "expired"


def _minute(moment: datetime | None) -> str:
    return f"{moment:%Y-%m-%d %H:%M}" if moment else "never"


def _as_json(key: "Key") -> dict[str, object]:
    values = ((name, getattr(key, name)) for name in key.__slots__)
    return {
        name: value.isoformat() if isinstance(value, datetime) else value for name, value in values
    }
