"""Generate documents, look at them, measure them: `python -m data.synthesis COMMAND ...`."""

import argparse
import json
import logging
import sys
from collections.abc import Iterable
from pathlib import Path
from typing import Any, TypeVar

_T = TypeVar("_T")


def main(argv: list[str] | None = None) -> int:
    """Run one command and return the exit status."""
    parser = argparse.ArgumentParser(prog="python -m data.synthesis", description=__doc__)
    commands = parser.add_subparsers(dest="command", required=True)
    for add in _COMMANDS:
        add(commands)
    chosen = parser.parse_args(argv)
    try:
        chosen.run(chosen)
    except (ValueError, OSError) as error:
        sys.stderr.write(f"{error}\n")
        return 2
    return 0


def _add_dispute(commands: Any) -> None:
    parser = commands.add_parser("dispute", help="write a whole dispute with its truth")
    parser.add_argument("folder", type=Path)
    parser.add_argument("--seed", type=int, default=0)
    parser.set_defaults(run=_dispute)


def _dispute(chosen: argparse.Namespace) -> None:
    from data.synthesis.disputes import write_dispute

    write_dispute(chosen.folder, chosen.seed)


def _add_disputes(commands: Any) -> None:
    parser = commands.add_parser(
        "disputes",
        help="write many disputes of every kind as a corpus, with variances and evidence",
        description="Each dispute is a folder with its documents as scanned, `dispute.json` (order,"
        " receipts, earlier bills), `documents.json` (the reading of a perfect reader) and"
        " `truth.json` (line items, variances, evidence boxes);"
        " `manifest.jsonl` makes the folder a corpus to score on and to train on.",
    )
    parser.add_argument("folder", type=Path)
    parser.add_argument("--count", type=int, default=10, help="number of disputes")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--case", help="only this incident, or edge case 1 to 42")
    parser.add_argument("--dpi", type=int, default=150, help="resolution of the scans")
    parser.add_argument("--no-scans", action="store_true", help="only the JSON; draws nothing")
    parser.add_argument("--text", action="store_true", help="PDFs with a text layer, not scans")
    parser.set_defaults(run=_disputes)


def _disputes(chosen: argparse.Namespace) -> None:
    from data.synthesis.stories.files import Dpi, write_disputes

    drawn: Dpi = "text" if chosen.text else int(chosen.dpi)
    dpi = None if chosen.no_scans else drawn
    write_disputes(chosen.folder, chosen.seed, chosen.count, chosen.case, dpi)


def _add_read(commands: Any) -> None:
    parser = commands.add_parser(
        "read",
        help="write generated pages as read by Tesseract, to train on and to fit the noise to",
        description="Scans synthetic pages, reads them as the service does, and labels the words"
        " read. Existing shards are kept, so an interrupted run continues where it stopped.",
    )
    parser.add_argument("folder", type=Path)
    parser.add_argument("--count", type=int, default=400, help="number of pages; 2 to 4 s each")
    parser.add_argument("--seed", type=int, default=0)
    parser.set_defaults(run=_read)


def _read(chosen: argparse.Namespace) -> None:
    from data.synthesis.ocr_fitting.tesseract_pages import write_read_pages

    logging.basicConfig(level=logging.INFO, format="%(message)s", stream=sys.stderr)
    write_read_pages(chosen.folder, chosen.count, chosen.seed)


def _add_refit(commands: Any) -> None:
    parser = commands.add_parser(
        "refit",
        help="fit the reading noise to Tesseract's errors on this machine; prints the fit",
    )
    parser.add_argument("--count", type=int, default=400, help="number of pages")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--pages", type=Path, metavar="FOLDER", help="pages written by `read`")
    parser.add_argument("--out", type=Path, help="default: overwrite the generator's statistics")
    parser.set_defaults(run=_refit)


def _refit(chosen: argparse.Namespace) -> None:
    from data.synthesis.ocr_fitting.refit import refit
    from data.synthesis.ocr_noise.error_statistics import PATH

    logging.basicConfig(level=logging.INFO, format="%(message)s", stream=sys.stderr)
    refit(chosen.count, chosen.seed, chosen.out or PATH, chosen.pages)


def _add_show(commands: Any) -> None:
    parser = commands.add_parser("show", help="draw one document, full size, with its tags")
    parser.add_argument("out", type=Path, help="the image file, such as page.png")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--index", type=int, default=0)
    parser.add_argument("--text", action="store_true", help="words in their boxes, no image")
    parser.set_defaults(run=_show)


def _show(chosen: argparse.Namespace) -> None:
    from data.synthesis.inspection.show import show

    chosen.out.parent.mkdir(parents=True, exist_ok=True)
    show(chosen.out, chosen.seed, chosen.index, image=not chosen.text)


def _add_preview(commands: Any) -> None:
    parser = commands.add_parser("preview", help="draw many documents on one contact sheet")
    parser.add_argument("out", type=Path, help="the image file, such as sheet.png")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--first", type=int, default=0, help="number of the first document")
    parser.add_argument("--count", type=int, default=12, help="number of documents")
    parser.add_argument("--pages", type=int, default=2, help="most pages to show of a document")
    parser.add_argument("--tags", action=argparse.BooleanOptionalAction, default=True)
    paper = parser.add_mutually_exclusive_group()
    paper.add_argument("--clean", action="store_true", help="drawn, but not damaged or misread")
    paper.add_argument("--text", action="store_true", help="words in their boxes, no image")
    parser.set_defaults(run=_preview)


def _preview(chosen: argparse.Namespace) -> None:
    from data.synthesis.inspection.preview import captioned_pages, preview

    paper = "clean" if chosen.clean else "text" if chosen.text else "scan"
    indices = _with_progress(range(chosen.first, chosen.first + chosen.count), "documents")
    pages = (
        page
        for index in indices
        for page in captioned_pages(chosen.seed, index, paper, chosen.pages)
    )
    chosen.out.parent.mkdir(parents=True, exist_ok=True)
    preview(chosen.out, pages, tags=chosen.tags)


def _add_statistics(commands: Any) -> None:
    parser = commands.add_parser(
        "statistics", help="compare real documents with synthetic ones: what do these lack?"
    )
    parser.add_argument(
        "--real", type=Path, action="append", required=True, metavar="DIR",
        help="a corpus of any format that data.corpora reads; may be repeated",
    )  # fmt: skip
    parser.add_argument(
        "--out", type=Path, required=True, metavar="FOLDER",
        help="folder for statistics.html and .json; both quote words of the real documents",
    )  # fmt: skip
    parser.add_argument("--documents", type=int, default=300, help="number of synthetic documents")
    parser.add_argument("--limit", type=int, help="most real documents to read of a corpus")
    parser.add_argument("--seed", type=int, default=0)
    parser.set_defaults(run=_statistics)


def _statistics(chosen: argparse.Namespace) -> None:
    from data.synthesis.inspection.comparison import synthetic_samples
    from data.synthesis.inspection.comparison_page import write_comparison
    from data.synthesis.inspection.measures import measure
    from data.synthesis.inspection.real_documents import name_corpora, real_samples

    real = {
        name: [measure(sample) for sample in _with_progress(real_samples(path, chosen.limit), name)]
        for name, path in name_corpora(chosen.real).items()
    }
    synthetic = _with_progress(
        synthetic_samples(chosen.seed, chosen.documents), "synthetic", chosen.documents
    )
    table = write_comparison(chosen.out, real, [measure(sample) for sample in synthetic])
    sys.stdout.write(table)
    sys.stderr.write(f"wrote {chosen.out / 'statistics.html'}\n")


def _add_bench(commands: Any) -> None:
    parser = commands.add_parser(
        "bench",
        help="measure pages per second in one process",
        description="Pages per second in one process, with words alone and drawn and damaged at"
        " about 1000 x 1400 px. The figures depend on the machine and its other load:"
        " compare two versions side by side on one machine.",
    )
    parser.add_argument("--json", action="store_true", help="print one JSON object as last line")
    parser.add_argument("--documents", type=int, default=300, help="documents without images")
    parser.add_argument("--images", type=int, default=40, help="documents with images")
    parser.set_defaults(run=_bench)


def _bench(chosen: argparse.Namespace) -> None:
    from data.synthesis.benchmark import pages_per_second

    speeds = pages_per_second(chosen.documents, chosen.images, _with_progress)
    if chosen.json:
        sys.stdout.write(json.dumps(speeds) + "\n")
    else:
        for name, speed in speeds.items():
            sys.stdout.write(f"{name.replace('_', ' ')}: {speed}\n")


def _with_progress(things: Iterable[_T], what: str, total: int | None = None) -> Iterable[_T]:
    """Pass the things on; at a terminal with a progress bar."""
    if not sys.stderr.isatty():
        return things
    try:
        from tqdm import tqdm
    except ImportError:  # a bare machine
        return things
    watched: Iterable[_T] = tqdm(things, desc=what, total=total)
    return watched


_COMMANDS = (
    _add_dispute,
    _add_disputes,
    _add_show,
    _add_preview,
    _add_statistics,
    _add_read,
    _add_refit,
    _add_bench,
)


if __name__ == "__main__":
    raise SystemExit(main())
