"""The `tieout` command: data on stdout, everything else on stderr.

Exit status: 0 done, 1 done and `--fail-on` asked for it, 2 unusable input, shown in one line. A
command's needs are imported when that command runs: `tieout --help` loads next to nothing.
"""

import json
import os
import signal
import sys
import threading
from collections.abc import Iterable, Sequence
from datetime import UTC, date, datetime
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from serving.commands import keys as key_commands
from serving.commands.messages import Unusable, is_input_error, missing_extra, show_message

if TYPE_CHECKING:
    from rich.console import Console, RenderableType

    from serving.service.doctor import Part
    from serving.settings import Settings

UNUSABLE = 2
# Options that take every file up to the next option, as in `--order a.json b.json`.
_SEVERAL = ("--attachment", "--order", "--receipts", "--document")

app = typer.Typer(
    name="tieout",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    help="Reads vendor documents and ties them out with order and receipt data.",
)
app.add_typer(key_commands.app, name="keys")


class FailOn(StrEnum):
    """Verdicts that make the exit status 1."""

    variance = "variance"
    review = "review"


TodayOption = Annotated[
    str | None, typer.Option(help="Day by which waiting days count, like 2026-01-31; else today.")
]
JsonOption = Annotated[bool, typer.Option("--json", help="Print JSON instead of tables.")]
DeviceOption = Annotated[str, typer.Option(help="auto, cpu or cuda.")]
MappingOption = Annotated[
    Path | None, typer.Option(help="YAML file that describes the columns of your CSV files.")
]
CheckpointOption = Annotated[
    Path | None, typer.Option(help="Folder of a trained model; the shipped one when left out.")
]


def main(argv: list[str] | None = None) -> int:
    """Run one command and return its exit status."""
    arguments = list(sys.argv[1:] if argv is None else argv)
    try:
        app(args=_spread_files(arguments), prog_name="tieout")
    except SystemExit as stop:
        return stop.code if isinstance(stop.code, int) else int(stop.code is not None)
    except ModuleNotFoundError as error:
        message = missing_extra(error, arguments[0] if arguments else "")
        if message is None:
            raise
        show_message(message)
        return UNUSABLE
    except Exception as error:
        if not is_input_error(error):
            raise
        show_message(str(error))
        return UNUSABLE
    return 0


def _spread_files(argv: Sequence[str]) -> list[str]:
    """Return the arguments with an option that takes several files repeated for each of them."""
    spread: list[str] = []
    option: str | None = None
    has_file = False
    for argument in argv:
        if argument.startswith("-") and argument != "-":
            option, has_file = (argument if argument in _SEVERAL else None), False
        elif option is not None:
            if has_file:
                spread.append(option)
            has_file = True
        spread.append(argument)
    return spread


def _show_version(is_asked: bool) -> None:
    if is_asked:
        from serving.service.versions import tieout_version

        typer.echo(f"tieout {tieout_version()}")
        raise typer.Exit


@app.callback()
def _tieout(
    version: Annotated[
        bool,
        typer.Option("--version", callback=_show_version, is_eager=True, help="Print the version."),
    ] = False,
) -> None:
    pass


@app.command()
def extract(
    files: Annotated[list[Path], typer.Argument(metavar="FILE...", show_default=False)],
    mapping: MappingOption = None,
    as_json: JsonOption = False,
    device: DeviceOption = "auto",
    checkpoint: CheckpointOption = None,
) -> None:
    """Read documents: header fields and line items, with boxes and confidence.

    A file that cannot be read gives an error object in its place, and a line on stderr; the exit
    status is 2 only when no file could be read.

    \b
    Examples:
      tieout extract invoice.pdf
      tieout extract invoice.pdf delivery-note.tif --json > documents.json
    """
    from data.exchange.csv_files.mapping import load_mapping
    from serving.commands.dispute_files import ModelOptions, read_each_file, reading_to_json

    columns = load_mapping(mapping) if mapping else None
    readings = list(read_each_file(files, ModelOptions(checkpoint, device), columns))
    for reading in readings:
        if reading.error is not None:
            show_message(reading.error[1])
    if as_json:
        _print_json([content for reading in readings for content in reading_to_json(reading)])
    else:
        from serving.presentation.tables import document_tables

        read = (reading for reading in readings if reading.error is None)
        contents = (content for reading in read for content in reading_to_json(reading))
        _print_tables(document_tables(content) for content in contents)
    if all(reading.error is not None for reading in readings):
        raise typer.Exit(UNUSABLE)


@app.command()
def examine(
    order: Annotated[
        list[Path], typer.Option(help="Order, its changes (and receipts): JSON, UBL, X12, CSV.")
    ],
    attachment: Annotated[
        list[Path] | None, typer.Option(help="Files to read: pages, or data in any format.")
    ] = None,
    receipts: Annotated[
        list[Path] | None, typer.Option(help="Goods receipts: JSON, UBL, X12, CSV.")
    ] = None,
    document: Annotated[
        list[Path] | None, typer.Option(help="Documents as data: JSON, UBL, CII, X12, CSV.")
    ] = None,
    mapping: MappingOption = None,
    policy: Annotated[Path | None, typer.Option(help="YAML file with tolerances.")] = None,
    messages: Annotated[
        Path | None, typer.Option(help="Folder of templates for messages to vendors, like de.yaml.")
    ] = None,
    fail_on: Annotated[
        list[FailOn] | None, typer.Option(help="Exit with 1 on variances or need of review.")
    ] = None,
    as_json: JsonOption = False,
    as_csv: Annotated[bool, typer.Option("--csv", help="Print CSV for a spreadsheet.")] = False,
    today: TodayOption = None,
    device: DeviceOption = "auto",
    checkpoint: CheckpointOption = None,
) -> None:
    """Examine documents against order and receipts: variances, evidence, recommendation.

    \b
    Examples:
      tieout examine --order order.json --attachment invoice.pdf delivery-note.tif
      tieout examine --order 850.x12 --receipts 861.x12 --document 810.x12 --json
      tieout examine --order order.json --document bill.json --policy policy.yaml
    """
    from serving.commands.dispute_files import DisputeFiles, ModelOptions, examine_files

    if as_json and as_csv:
        raise Unusable("--json and --csv are both given; choose one")
    files = DisputeFiles(
        orders=(*order, *(receipts or ())),
        attachments=attachment or (),
        documents=document or (),
        mapping=mapping,
        policy=policy,
        messages=messages,
    )
    verdict = examine_files(files, ModelOptions(checkpoint, device), _day(today))
    if as_json:
        _print_json(verdict)
    elif as_csv:
        _print_csv(verdict)
    else:
        _print_verdict(verdict)
    if _fails(verdict, fail_on or ()):
        raise typer.Exit(1)


@app.command()
def simulate(
    folder: Annotated[Path, typer.Argument(metavar="FOLDER", show_default=False)],
    policy: Annotated[list[Path], typer.Option(help="YAML file; give two, before and after.")],
    as_json: JsonOption = False,
    today: TodayOption = None,
) -> None:
    """Replay past disputes under two policies and show what changes, in count and money.

    FOLDER holds a folder for each dispute, with dispute.json (order, receipts) and documents.json.
    """
    from serving.commands.simulate import (
        NoDisputes,
        load_disputes,
        replay_disputes,
        replay_tables,
        replays_to_json,
    )
    from serving.wire.policy_file import load_policy

    if len(policy) != 2:
        raise Unusable(f"{len(policy)} policies given; give two: --policy BEFORE --policy AFTER")
    first, second = (load_policy(path) for path in policy)
    try:
        disputes = load_disputes(folder)
    except NoDisputes as error:
        raise Unusable(str(error)) from error
    names = (policy[0].stem, policy[1].stem)
    if names[0] == names[1]:
        names = (str(policy[0]), str(policy[1]))
    replays = replays_to_json(replay_disputes(disputes, first, second, _day(today)), names)
    if as_json:
        _print_json(replays)
    else:
        _print_tables([replay_tables(replays)])


@app.command()
def serve(
    config: Annotated[
        Path | None, typer.Option(help="YAML file such as configs/serve.yaml.")
    ] = None,
    host: Annotated[str | None, typer.Option(help="Address to listen on.")] = None,
    port: Annotated[int | None, typer.Option(min=1, max=65535, help="Port to listen on.")] = None,
) -> None:
    """Start the service and keep it running until Ctrl-C."""
    from serving.commands.cluster import run_service
    from serving.settings import ServiceFile, load_service_file

    service = (load_service_file(config) if config else ServiceFile()).with_address(host, port)
    _refuse_missing_files(service.settings)
    service.refuse_exposed()
    if hint := key_commands.missing_key_hint(service.settings, config):
        show_message(hint)
    stop = threading.Event()
    _stop_on_signals(stop)
    show_message("starting the service, this takes some seconds ...")
    with run_service(service) as address:
        show_message(
            f"listening on {address}, documentation at {address}/docs, the desk at"
            f" {address}/desk/; Ctrl-C stops it"
        )
        stop.wait()
        show_message("stopping ...")


@app.command()
def openapi() -> None:
    """Print the OpenAPI description of the service as JSON."""
    from serving.service.versions import tieout_version
    from serving.web.openapi import openapi_document

    _print_json(openapi_document(tieout_version()))


@app.command()
def doctor() -> None:
    """List native parts and libraries with their versions, and the remedy for missing ones."""
    from rich.table import Table

    from serving.service.doctor import missing_programs, native_parts, optional_parts, versions

    table = Table("part", "found", "detail", "remedy")
    for part in (*native_parts(), *optional_parts(), *versions()):
        table.add_row(part.name, _found(part), part.detail, part.remedy)
    _print_tables([table])
    if missing_programs():
        raise typer.Exit(1)


@app.command()
def demo(
    port: Annotated[int | None, typer.Option(help="Port; a free one when left out.")] = None,
) -> None:
    """Start the service, post the sample dispute to it over HTTP, show the verdict, stop."""
    from rich.console import Console

    from serving.client import DisputeEnded, NotSettled, ServiceError, Unreachable
    from serving.commands.demo import show_sample_dispute

    try:
        show_sample_dispute(_console(), Console(stderr=True), port)
    except (DisputeEnded, NotSettled, ServiceError, Unreachable) as error:
        show_message(str(error))
        raise typer.Exit(1) from error


@app.command()
def desk(
    port: Annotated[int, typer.Option(min=1, max=65535, help="Port to listen on.")] = 8000,
    count: Annotated[int, typer.Option(min=1, max=200, help="Disputes to fill it with.")] = 12,
) -> None:
    """Start the service with disputes to review, print the address of its desk, run till Ctrl-C."""
    from serving.client import ServiceError, Unreachable
    from serving.commands.desk import show_desk

    stop = threading.Event()
    _stop_on_signals(stop)
    try:
        show_desk(show_message, stop, count, port)
    except (ServiceError, Unreachable) as error:
        show_message(str(error))
        raise typer.Exit(1) from error


def _day(text: str | None) -> date:
    """The day of an option, today where it is not given."""
    if text is None:
        return datetime.now(UTC).date()
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise Unusable(f"--today {text!r} is not a date; write it like 2026-01-31") from None


def _fails(verdict: dict[str, Any], fail_on: Sequence[FailOn]) -> bool:
    review = verdict["status"] in ("needs_review", "insufficient_evidence")
    return (FailOn.variance in fail_on and bool(verdict["variances"])) or (
        FailOn.review in fail_on and review
    )


def _refuse_missing_files(settings: "Settings") -> None:
    from serving.settings import SettingsError
    from serving.wire.policy_file import load_policy

    # Found here it is one line; in a replica it is a deployment that never becomes healthy.
    if settings.policy is not None:
        load_policy(settings.policy)
    if settings.checkpoint is not None and not (settings.checkpoint / "config.json").is_file():
        raise SettingsError(
            f"checkpoint {settings.checkpoint}: no config.json in it; give a checkpoint folder"
        )
    key_commands.open_database(settings).dispose()


def _stop_on_signals(stop: threading.Event) -> None:
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: stop.set())


def _found(part: "Part") -> str:
    return "yes" if part.is_present else "NO" if part.needed else "no"


def _print_json(content: object) -> None:
    typer.echo(json.dumps(content, ensure_ascii=False, indent=2))


def _print_csv(verdict: dict[str, Any]) -> None:
    from serving.presentation.spreadsheet import verdict_csv

    typer.echo(verdict_csv(verdict), nl=False)


def _print_verdict(verdict: dict[str, Any]) -> None:
    from serving.presentation.prose import WIDTH, verdict_prose
    from serving.presentation.tables import line_table

    console = _console()
    console.print(line_table(verdict))
    for row in verdict_prose(verdict, min(console.width, WIDTH)):
        console.print(row, soft_wrap=True)


def _console() -> "Console":
    """Return standard output; a pipe or file has no width and gets one that tables fit in."""
    from rich.console import Console

    return Console(width=None if sys.stdout.isatty() or "COLUMNS" in os.environ else 132)


def _print_tables(tables: "Iterable[RenderableType]") -> None:
    console = _console()
    for table in tables:
        console.print(table)


if __name__ == "__main__":
    sys.exit(main())
