"""`tieout keys`: create, list, rotate and revoke API keys in the database of the service."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from data.safe_text import display_text
from serving.store.identity import SCOPES

if TYPE_CHECKING:
    from sqlalchemy import Engine

    from serving.settings import Settings
    from serving.store.keys import Key, KeyStore

app = typer.Typer(no_args_is_help=True, help="Create, list, rotate and revoke API keys.")

ConfigOption = Annotated[
    Path | None, typer.Option(help="Service YAML file that names the database.")
]
KeyArgument = Annotated[str, typer.Argument(metavar="KEY_ID", show_default=False)]


def open_database(settings: "Settings") -> "Engine":
    """Return the engine of the service's database, creating its tables. Raises `SettingsError`."""
    # Imported here: the database costs every other command half a second.
    from sqlalchemy.exc import SQLAlchemyError

    from serving.settings import SettingsError
    from serving.store.database import DatabaseError, open_engine, upgrade

    try:
        engine = open_engine(settings.database_url)
        upgrade(engine)
    except DatabaseError as error:
        raise SettingsError(str(error)) from error
    except (SQLAlchemyError, OSError) as error:
        reason = " ".join(str(getattr(error, "orig", None) or error).split())
        raise SettingsError(f"the database cannot be used: {reason}") from error
    return engine


@contextmanager
def key_store(settings: "Settings") -> Iterator["KeyStore"]:
    """Open the key store of a service. Raises `SettingsError` for its database."""
    from serving.store.keys import KeyStore

    engine = open_database(settings)
    try:
        yield KeyStore(engine, lambda: datetime.now(UTC), settings.allowance)
    finally:
        engine.dispose()


def missing_key_hint(settings: "Settings", config: Path | None) -> str:
    """Return one line on how to create a key; "" where one exists or none is required."""
    if settings.authentication == "none":
        return ""
    with key_store(settings) as store:
        if store.has_live_key():
            return ""
    place = f" --config {config}" if config else ""
    return f"there is no API key yet; create one with: tieout keys create --tenant NAME{place}"


@app.command()
def create(
    tenant: Annotated[
        str, typer.Option(help="Tenant whose jobs the key gives access to, like acme-eu.")
    ],
    label: Annotated[str, typer.Option(help="Name of the key's purpose.")] = "default",
    scope: Annotated[
        list[str] | None,
        typer.Option(help=f"{', '.join(SCOPES)}; repeatable; default: all of them."),
    ] = None,
    expires_in_days: Annotated[
        int | None, typer.Option(min=1, max=3650, help="Default: the key never expires.")
    ] = None,
    requests_per_minute: Annotated[
        int | None, typer.Option(min=1, help="Default: the limit of the service.")
    ] = None,
    pages_per_day: Annotated[
        int | None, typer.Option(min=1, help="Default: the limit of the service.")
    ] = None,
    concurrent_jobs: Annotated[
        int | None, typer.Option(min=1, help="Default: the limit of the service.")
    ] = None,
    config: ConfigOption = None,
) -> None:
    """Create a key and print it. It is shown only once: the service stores only a digest."""
    from serving.store.keys import NewKey

    ends = datetime.now(UTC) + timedelta(days=expires_in_days) if expires_in_days else None
    new = NewKey(
        tenant,
        display_text(label),
        tuple(scope or SCOPES),
        ends,
        requests_per_minute,
        pages_per_day,
        concurrent_jobs,
    )
    with key_store(_settings(config)) as store:
        _print_new(*store.create(new))


@app.command("list")
def list_keys(
    tenant: Annotated[str | None, typer.Option(help="Default: all tenants.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON instead of a table.")] = False,
    config: ConfigOption = None,
) -> None:
    """List keys with tenant, label, state, scopes, expiry and last use; never the key itself."""
    from rich.console import Console
    from rich.table import Table

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
    """Revoke a key immediately."""
    with key_store(_settings(config)) as store:
        key = store.revoke(key_id)
    typer.echo(f"tieout: revoked {key.id} ({key.tenant}, {key.label})", err=True)


@app.command()
def rotate(
    key_id: KeyArgument,
    overlap_hours: Annotated[
        int, typer.Option(min=0, max=720, help="Hours for which the old key stays valid.")
    ] = 24,
    config: ConfigOption = None,
) -> None:
    """Create a replacement for a key and print it; the old key expires after the overlap."""
    with key_store(_settings(config)) as store:
        made = store.rotate(key_id, timedelta(hours=overlap_hours))
    typer.echo(f"tieout: {key_id} expires in {overlap_hours} h", err=True)
    _print_new(*made)


def _settings(config: Path | None) -> "Settings":
    from serving.settings import ServiceFile, load_service_file

    return (load_service_file(config) if config else ServiceFile()).settings


def _print_new(key: "Key", text: str) -> None:
    """Print the key alone on stdout, so that it can be piped into a secret store."""
    typer.echo(f"tieout: {key.id} for {key.tenant}; the key is shown only once", err=True)
    typer.echo(text)


def _state(key: "Key", now: datetime) -> str:
    if key.is_live(now):
        return "live"
    return "revoked" if key.revoked_at else "expired"


def _minute(moment: datetime | None) -> str:
    return f"{moment:%Y-%m-%d %H:%M}" if moment else "never"


def _as_json(key: "Key") -> dict[str, object]:
    values = ((name, getattr(key, name)) for name in key.__slots__)
    return {
        name: value.isoformat() if isinstance(value, datetime) else value for name, value in values
    }
