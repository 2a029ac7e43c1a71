"""Write a dispute, show a page, or measure the generator: `python -m data.synthesis ...`."""

import argparse
import json
import sys
import time
from pathlib import Path

from data.synthesis.disputes import write_dispute
from data.synthesis.pages import labelled_pages
from data.synthesis.show import show


def main(argv: list[str] | None = None) -> int:
    """Run one of the three commands; returns the exit status."""
    parser = argparse.ArgumentParser(prog="python -m data.synthesis", description=__doc__)
    commands = parser.add_subparsers(dest="command", required=True)
    dispute = commands.add_parser("dispute", help="write a whole dispute with its truth")
    dispute.add_argument("folder", type=Path)
    dispute.add_argument("--seed", type=int, default=0)
    picture = commands.add_parser("show", help="draw a document with its tags in colour")
    picture.add_argument("out", type=Path)
    picture.add_argument("--seed", type=int, default=0)
    picture.add_argument("--index", type=int, default=0)
    bench = commands.add_parser("bench", help="measure pages per second in one process")
    bench.add_argument("--json", action="store_true", help="print one JSON object")
    chosen = parser.parse_args(argv)
    if chosen.command == "dispute":
        write_dispute(chosen.folder, chosen.seed)
    elif chosen.command == "show":
        show(chosen.out, chosen.seed, chosen.index)
    else:
        _bench(as_json=chosen.json)
    return 0


def _bench(*, as_json: bool) -> None:
    speeds = {
        "text_pages_per_second": round(_speed(300, image=False), 1),
        "image_pages_per_second": round(_speed(40, image=True), 1),
    }
    if as_json:
        sys.stdout.write(json.dumps(speeds) + "\n")
    else:
        for name, speed in speeds.items():
            sys.stdout.write(f"{name.replace('_', ' ')}: {speed}\n")


def _speed(documents: int, *, image: bool) -> float:
    """Pages per second over that many documents, caches warmed by a few others."""
    for index in range(10):
        labelled_pages(1, index, image=image)
    begin = time.perf_counter()
    pages = sum(len(labelled_pages(2, index, image=image)) for index in range(documents))
    return pages / (time.perf_counter() - begin)


if __name__ == "__main__":
    raise SystemExit(main())
