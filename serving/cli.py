"""The `tieout` command: data on stdout, everything else on stderr.

Exit status: 0 done, 1 done and `--fail-on` asked for it, 2 unusable input, told in one line.
What a command needs of torch or Ray is imported when that command runs.
"""

import json
import os
import signal
import sys
import threading
from collections.abc import Iterable, Sequence
from datetime import UTC, date, datetime
from enum import StrEnum
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer
from rich.console import Console, RenderableType

from data.exchange.csv_files.mapping import CsvMapping, load_mapping
from data.exchange.einvoice.cross_check import held_against_einvoice
from data.exchange.order_files import OrderDataError, load_order_data
from data.exchange.wire.errors import ExchangeError
from data.pages.attachments import Attachment, AttachmentError, open_attachment_file
from data.pages.sandbox import MissingProgram
from data.records import ExtractedDocument
from data.safe_text import shown
from serving.commands import keys as key_commands
from serving.commands.cluster import PortTaken, StartFailed, running
from serving.matching.rules.policy import Policy, PolicyError
from serving.service.doctor import Part, missing_programs, native_parts, optional_parts, versions
from serving.service.versions import tieout_version as installed_version
from serving.settings import ServiceFile, Settings, SettingsError, load_service_file
from serving.store.key_format import KeyWishRefused
from serving.wire.attachments_in import Reader, stamped
from serving.wire.document_json import document_to_json
from serving.wire.field_json import DocumentJsonError
from serving.wire.policy_file import load_policy
from serving.wire.structured_files import given_documents, is_data, read_given

if TYPE_CHECKING:
    from training.extractor import Extractor

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
    """When a verdict makes the exit status 1."""

    variance = "variance"
    review = "review"


class Unusable(ValueError):
    """Input that cannot be used; the message is the one line shown."""


TodayOption = Annotated[
    str | None, typer.Option(help="Day by which waiting days count, like 2026-01-31; else today.")
]
JsonOption = Annotated[bool, typer.Option("--json", help="Print JSON instead of tables.")]
DeviceOption = Annotated[str, typer.Option(help="auto, cpu or cuda.")]
MappingOption = Annotated[
    Path | None, typer.Option(help="YAML file that says how CSV files are to be read.")
]
CheckpointOption = Annotated[
    Path | None, typer.Option(help="Folder of a trained model; the shipped one when left out.")
]


def main(argv: list[str] | None = None) -> int:
    """Runs one command and gives its exit status."""
    given = list(sys.argv[1:] if argv is None else argv)
    try:
        app(args=_spread(given), prog_name="tieout")
    except SystemExit as stop:
        return stop.code if isinstance(stop.code, int) else int(stop.code is not None)
    except (
        AttachmentError,
        DocumentJsonError,
        ExchangeError,
        KeyWishRefused,
        MissingProgram,
        OrderDataError,
        PolicyError,
        PortTaken,
        SettingsError,
        StartFailed,
        Unusable,
    ) as error:
        _say(" ".join(str(error).split()))
        return UNUSABLE
    return 0


def _spread(argv: Sequence[str]) -> list[str]:
    """The arguments with an option that takes several files repeated for each of them."""
    spread: list[str] = []
    option: str | None = None
    taken = False
    for argument in argv:
        if argument.startswith("-") and argument != "-":
            option, taken = (argument if argument in _SEVERAL else None), False
        elif option is not None:
            if taken:
                spread.append(option)
            taken = True
        spread.append(argument)
    return spread


def _version(wanted: bool) -> None:
    if wanted:
        typer.echo(f"tieout {installed_version()}")
        raise typer.Exit


@app.callback()
def _tieout(
    version: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Print the version.")
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

    One file that cannot be read stops it all, so that a list of documents is always complete.
    """
    known = load_mapping(mapping) if mapping else None
    read = _read_documents(files, device, checkpoint, known)
    documents = [document_to_json(one) for one in read]
    if as_json:
        _print_json(documents)
    else:
        from serving.presentation.tables import document_tables

        _print_tables(document_tables(document) for document in documents)


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
    fail_on: Annotated[
        list[FailOn] | None, typer.Option(help="Exit with 1 on variances or need of review.")
    ] = None,
    as_json: JsonOption = False,
    as_csv: Annotated[bool, typer.Option("--csv", help="Print CSV for a spreadsheet.")] = False,
    today: TodayOption = None,
    device: DeviceOption = "auto",
    checkpoint: CheckpointOption = None,
) -> None:
    """Examine documents against order and receipts: variances, evidence, recommendation."""
    from serving.verdict.examine import examine as decide
    from serving.verdict.records import verdict_to_json

    if as_json and as_csv:
        raise Unusable("--json and --csv are both given; choose one")
    # The cheap inputs first: a typing error must not cost a minute of reading.
    known = load_mapping(mapping) if mapping else None
    data = load_order_data([*order, *(receipts or ())], known)
    rules, day = load_policy(policy) if policy else Policy(), _day(today)
    documents = [one for path in document or () for one in read_given(path, known)]
    if not attachment and not documents:
        raise Unusable("nothing to examine; give a file with --attachment or --document")
    if attachment:
        documents.extend(_read_documents(attachment, device, checkpoint, known))
    verdict = verdict_to_json(decide(documents, data, rules, day))
    if as_json:
        _print_json(verdict)
    elif as_csv:
        from serving.presentation.spreadsheet import verdict_csv

        typer.echo(verdict_csv(verdict), nl=False)
    else:
        from serving.presentation.prose import WIDTH, verdict_prose
        from serving.presentation.tables import line_table

        console = _console()
        console.print(line_table(verdict))
        for row in verdict_prose(verdict, min(console.width, WIDTH)):
            console.print(row, soft_wrap=True)
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
        replay,
        replay_tables,
        replays_to_json,
    )

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
    seen = replays_to_json(replay(disputes, first, second, _day(today)), names)
    if as_json:
        _print_json(seen)
    else:
        _print_tables([replay_tables(seen)])


@app.command()
def serve(
    config: Annotated[
        Path | None, typer.Option(help="YAML file such as configs/serve.yaml.")
    ] = None,
    host: Annotated[str | None, typer.Option(help="Address to listen on.")] = None,
    port: Annotated[int | None, typer.Option(min=1, max=65535, help="Port to listen on.")] = None,
) -> None:
    """Start the service and keep it running until Ctrl-C."""
    service = (load_service_file(config) if config else ServiceFile()).listening(host, port)
    _refuse_missing_files(service.settings)
    service.refuse_exposed()
    if hint := key_commands.tell_of_missing_key(service.settings, config):
        _say(hint)
    stop = threading.Event()
    _stop_on_signals(stop)
    _say("starting the service, this takes some seconds ...")
    with running(service) as address:
        _say(f"listening on {address}, documentation at {address}/docs; Ctrl-C stops it")
        stop.wait()
        _say("stopping ...")


@app.command()
def openapi() -> None:
    """Print the OpenAPI description of the service as JSON."""
    from serving.web.openapi import openapi_document

    _print_json(openapi_document(installed_version()))


@app.command()
def doctor() -> None:
    """Say which native parts were found, with versions and what to do about missing ones."""
    from rich.table import Table

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
    from serving.client import DisputeEnded, NotSettled, ServiceError, Unreachable
    from serving.commands.demo import show_sample_dispute

    try:
        show_sample_dispute(_console(), Console(stderr=True), port)
    except (DisputeEnded, NotSettled, ServiceError, Unreachable) as error:
        _say(str(error))
        raise typer.Exit(1) from error


def _day(text: str | None) -> date:
    """The day of an option, today where it is not given."""
    if text is None:
        return datetime.now(UTC).date()
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise Unusable(f"--today {text!r} is not a date; write it like 2026-01-31") from None


def _read_documents(
    files: Sequence[Path], device: str, checkpoint: Path | None, mapping: CsvMapping | None
) -> list[ExtractedDocument]:
    """The documents in the files; all are opened before the model is loaded, if it is needed."""
    reader = Reader()
    opened = [_opened(reader, path, mapping) for path in files]
    loaded = cache(lambda: _load_extractor(checkpoint, device))
    found: list[ExtractedDocument] = []
    for path, one in zip(files, opened, strict=True):
        if isinstance(one, tuple):
            found.extend(one)
            continue
        try:
            found.extend(stamped(_read_pages(loaded(), reader, one), one.content))
        except AttachmentError as error:
            raise Unusable(f"{path}: {error}") from error
    return found


def _load_extractor(checkpoint: Path | None, device: str) -> "Extractor":
    from training.extractor import Extractor
    from training.network.checkpoint_seal import CheckpointError

    try:
        extractor = Extractor.load(checkpoint, device)
    except (CheckpointError, ValueError) as error:
        raise Unusable(str(error)) from error
    _say(f"device {extractor.device_line}")
    return extractor


def _read_pages(
    extractor: "Extractor", reader: Reader, attachment: Attachment
) -> tuple[ExtractedDocument, ...]:
    """What the model reads on the pages, held against an e-invoice embedded in the file."""
    tagged = [extractor.tag_pages([page])[0] for page in reader.pages(attachment)]
    documents = extractor.documents(attachment.name, tagged)
    return held_against_einvoice(attachment, documents, [one.page for one in tagged])


def _opened(
    reader: Reader, path: Path, mapping: CsvMapping | None
) -> Attachment | tuple[ExtractedDocument, ...]:
    """The attachment with its pages, or the documents of one that is data."""
    if path.is_file() and path.stat().st_size <= reader.limits.max_bytes:
        content = path.read_bytes()
        if is_data(content, mapping):
            return given_documents(content, path.name, mapping)
    attachment = open_attachment_file(path, reader.limits)
    reader.refuse_blank(attachment)
    return attachment


def _fails(verdict: dict[str, Any], fail_on: Sequence[FailOn]) -> bool:
    review = verdict["status"] in ("needs_review", "insufficient_evidence")
    return (FailOn.variance in fail_on and bool(verdict["variances"])) or (
        FailOn.review in fail_on and review
    )


def _refuse_missing_files(settings: Settings) -> None:
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


def _found(part: Part) -> str:
    return "yes" if part.found else "NO" if part.needed else "no"


def _print_json(content: object) -> None:
    typer.echo(json.dumps(content, ensure_ascii=False, indent=2))


def _console() -> Console:
    """Standard output; a pipe or file has no width of its own and gets one that tables fit in."""
    return Console(width=None if sys.stdout.isatty() or "COLUMNS" in os.environ else 132)


def _print_tables(tables: Iterable[RenderableType]) -> None:
    console = _console()
    for table in tables:
        console.print(table)


def _say(message: str) -> None:
    typer.echo(f"tieout: {shown(message)}", err=True)


if __name__ == "__main__":
    sys.exit(main())
