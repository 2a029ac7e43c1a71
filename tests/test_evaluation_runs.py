"""Evaluations as evaluators run them: repeated, in parallel, killed, and on input that is broken.

The shipped checkpoint reads small invoices made here; everything else is real too.
"""

import contextlib
import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from training.evaluate import main

DEADLINE_S = 120
TIMES = frozenset({"made_at", "seconds", "seconds_reading", "timing"})
DOCUMENTS = 12
GOODS = ("Hex bolt galvanised", "Washer steel large", "Threaded rod long", "Anchor for brick")


def invoice(number: int) -> tuple[bytes, list[dict[str, str]]]:
    """A one-page PDF with a text layer, and its line items."""
    items = []
    shown = [(60, 740, f"Invoice {4700 + number}"), (60, 715, "Acme Hardware Limited")]
    heads = zip((60, 300, 390, 480), ("Description", "Quantity", "Price", "Amount"), strict=True)
    shown += [(x, 660, text) for x, text in heads]
    for row, name in enumerate(GOODS[: 2 + number % 3]):
        quantity, cents = 2 + row + number, 125 + 50 * row
        amount = quantity * cents
        item = {
            "description": name,
            "quantity": str(quantity),
            "unit_price": f"{cents // 100}.{cents % 100:02}",
            "amount": f"{amount // 100}.{amount % 100:02}",
        }
        items.append(item)
        y = 630 - 24 * row
        shown += [(x, y, text) for x, text in zip((60, 300, 390, 480), item.values(), strict=True)]
    drawn = " ".join(f"BT /F 12 Tf {x} {y} Td ({text}) Tj ET" for x, y, text in shown)
    parts = (
        "%PDF-1.4",
        "1 0 obj <</Type /Catalog /Pages 2 0 R>> endobj",
        "2 0 obj <</Type /Pages /Kids [4 0 R] /Count 1>> endobj",
        "3 0 obj <</Type /Font /Subtype /Type1 /BaseFont /Helvetica>> endobj",
        "4 0 obj <</Type /Page /Parent 2 0 R /MediaBox [0 0 612 792] /Contents 5 0 R"
        " /Resources <</Font <</F 3 0 R>>>>>> endobj",
        f"5 0 obj <</Length {len(drawn)}>> stream\n{drawn}\nendstream endobj",
        "trailer <</Root 1 0 R>>\n%%EOF",
    )
    return "\n".join(parts).encode(), items


def row(number: int, **more: Any) -> dict[str, Any]:
    return {
        "id": f"doc-{number}",
        "file": f"{number}.pdf",
        "document_type": "invoice",
        "line_items": invoice(number)[1],
    } | more


def write_corpus(folder: Path, count: int) -> Path:
    folder.mkdir()
    for number in range(count):
        (folder / f"{number}.pdf").write_bytes(invoice(number)[0])
    write_lines(folder / "manifest.jsonl", *(row(number) for number in range(count)))
    return folder


def write_lines(path: Path, *rows: dict[str, Any]) -> Path:
    path.write_text("".join(json.dumps(one) + "\n" for one in rows))
    return path


def arguments(corpus: Path, out: Path, *more: str) -> list[str]:
    cache = str(corpus.parent / "cache")
    return ["--corpus", str(corpus), "--out", str(out), "--cache", cache, *more]


def without_times(value: Any) -> Any:
    if isinstance(value, dict):
        return {name: without_times(part) for name, part in value.items() if name not in TIMES}
    return [without_times(part) for part in value] if isinstance(value, list) else value


def report_of(out: Path) -> str:
    """The report but for its times, as text: also the order of its keys must be the same."""
    return json.dumps(without_times(json.loads((out / "report.json").read_text())))


def predictions_of(out: Path) -> list[dict[str, Any]]:
    lines = (out / "predictions.jsonl").read_text().splitlines()
    return [json.loads(line) for line in lines]


@pytest.fixture(scope="module")
def corpus(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_corpus(tmp_path_factory.mktemp("runs") / "corpus", DOCUMENTS)


@pytest.fixture(scope="module")
def finished(corpus: Path) -> Path:
    """The folder of a run by one process that nothing disturbed."""
    out = corpus.parent / "finished"
    assert main(arguments(corpus, out, "--device", "cpu", "--workers", "1")) == 0
    return out


def test_the_same_run_gives_the_same_report(corpus: Path, finished: Path, tmp_path: Path) -> None:
    out = tmp_path / "again"
    assert main(arguments(corpus, out, "--device", "cpu", "--workers", "1")) == 0
    assert report_of(out) == report_of(finished)
    assert without_times(predictions_of(out)) == without_times(predictions_of(finished))
    assert json.loads(report_of(out))["items"]["right"] > 0


def test_two_workers_read_what_one_reads(corpus: Path, finished: Path, tmp_path: Path) -> None:
    out = tmp_path / "two"
    assert main(arguments(corpus, out, "--device", "cpu", "--workers", "2")) == 0
    assert without_times(predictions_of(out)) == without_times(predictions_of(finished))
    assert report_of(out) == report_of(finished)


def kill_after_first_row(command: list[str], partial: Path) -> None:
    """Run the command until the partial file holds a whole row, then kill it and its children."""
    process = subprocess.Popen(
        command, start_new_session=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    end = time.monotonic() + DEADLINE_S
    try:
        while not (partial.is_file() and partial.read_bytes().count(b"\n") >= 2):
            assert time.monotonic() < end, f"no row within {DEADLINE_S} s"
            with contextlib.suppress(subprocess.TimeoutExpired):
                pytest.fail(f"the run ended with {process.wait(timeout=0.01)} before the kill")
    finally:
        if process.poll() is None:
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()


def test_a_killed_run_goes_on_and_ends_in_the_same_report(
    corpus: Path, finished: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "killed"
    given = arguments(corpus, out, "--device", "cpu", "--workers", "1")
    partial = out / "predictions.jsonl.partial"
    kill_after_first_row([sys.executable, "-m", "training.evaluate", *given], partial)
    assert not (out / "report.json").exists()
    # Mark what was kept by a time nothing takes, and leave half a row as a kill may.
    head, *rows = partial.read_text().splitlines(keepends=True)
    kept = [json.loads(line) for line in rows if line.endswith("\n")]
    assert 1 <= len(kept) < DOCUMENTS
    marked = "".join(json.dumps(one | {"seconds": 99.0}) + "\n" for one in kept)
    partial.write_text(head + marked + '{"id": "doc-7", "line_it')
    assert main(given) == 0
    assert f"{len(kept)} documents were read by an earlier run" in capsys.readouterr().err
    found = predictions_of(out)
    assert [one["id"] for one in found if one["seconds"] == 99.0] == [one["id"] for one in kept]
    assert report_of(out) == report_of(finished)
    assert without_times(found) == without_times(predictions_of(finished))
    assert not partial.exists()


def test_rows_kept_for_other_documents_are_read_again(corpus: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    out.mkdir()
    stale = json.dumps({"key": "another corpus"}) + "\n" + json.dumps({"id": "doc-0"}) + "\n"
    (out / "predictions.jsonl.partial").write_text(stale)
    given = arguments(corpus, out, "--device", "cpu", "--workers", "1", "--limit", "1")
    assert main(given) == 0
    assert [len(one["line_items"]) > 0 for one in predictions_of(out)] == [True]


def predicted(number: int, **more: Any) -> dict[str, Any]:
    said = row(number)
    return {name: said[name] for name in ("id", "document_type", "line_items")} | more


@pytest.fixture
def small(tmp_path: Path) -> Path:
    """A corpus of two documents, of two and of three items."""
    return write_corpus(tmp_path / "small", 2)


@pytest.mark.parametrize(
    ("rows", "items"),
    [
        ([predicted(0), predicted(1)], (5, 5, 5)),
        ([predicted(0)], (5, 2, 2)),  # what was not predicted is missed
        ([predicted(0), predicted(1), predicted(2)], (5, 9, 5)),  # what is not there is made up
        ([], (5, 0, 0)),
    ],
)
def test_missing_predictions_are_misses_and_extra_ones_made_up(
    small: Path, tmp_path: Path, rows: list[dict[str, Any]], items: tuple[int, int, int]
) -> None:
    given = write_lines(tmp_path / "given.jsonl", *rows)
    assert main(arguments(small, tmp_path / "out", "--predictions", str(given))) == 0
    found = json.loads((tmp_path / "out" / "report.json").read_text())["items"]
    assert (found["wanted"], found["predicted"], found["right"]) == items


@pytest.fixture
def said(capsys: pytest.CaptureFixture[str]) -> Callable[[list[str]], str]:
    """Runs main, which must refuse, and gives its one line on stderr."""

    def refuse(given: list[str]) -> str:
        capsys.readouterr()
        assert main(given) == 2
        streams = capsys.readouterr()
        assert streams.out == ""
        assert streams.err.endswith("\n")
        assert streams.err.count("\n") == 1, streams.err
        return streams.err

    return refuse


def line(**changed: Any) -> str:
    return json.dumps(predicted(0) | changed)


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (line() + "\n" + line(), "line 2: id 'doc-0' is predicted twice"),
        ("{", "line 1: not a JSON object"),
        ("[" * 200_000, "line 1: not a JSON object"),
        (line() + "\nnull", "line 2: want an object"),
        ("[]", "line 1: want an object"),
        ('{"id": 7}', "line 1: want an object with an 'id'"),
        (line(line_items=None), "line 1: line_items"),
        (line(line_items="12.50"), "line 1: line_items"),
        (line(line_items=["12.50"]), "line 1: line_items.0"),
        (line(line_items={"amount": "1.00"}), "line 1: line_items"),
        (line(line_items=[{"amount": 12.5}]), "doc-0: line_items.0.amount"),
        (line(line_items=[{"amount": "12,50"}]), "doc-0: line_items.0.amount"),
        (line(line_items=[{"amount": "NaN"}]), "doc-0: line_items.0.amount"),
        (line(fields=["invoice_id"]), "line 1: fields"),
        (line(fields=None), "line 1: fields"),
        (line(fields={"invoice_id": {"value": "1"}}), "line 1: fields.invoice_id"),
        (line(document_type=["invoice"]), "line 1: document_type"),
        (line(seconds="fast"), "line 1: seconds"),
        (line(seconds=float("nan")), "line 1: seconds"),
        (line(pages=[1]), "line 1: pages"),
        (b"\xff\xfe{}", "is not UTF-8"),
    ],
)
def test_malformed_predictions_are_refused_in_one_line(
    small: Path,
    tmp_path: Path,
    said: Callable[[list[str]], str],
    content: str | bytes,
    message: str,
) -> None:
    path = tmp_path / "given.jsonl"
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    refused = said(arguments(small, tmp_path / "out", "--predictions", str(path)))
    assert message in refused
    assert not (tmp_path / "out" / "report.json").exists()


def test_predictions_that_are_a_folder_are_refused(
    small: Path, tmp_path: Path, said: Callable[[list[str]], str]
) -> None:
    assert str(tmp_path) in said(arguments(small, tmp_path / "out", "--predictions", str(tmp_path)))


def entry(**changed: Any) -> str:
    return json.dumps(row(0) | changed)


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ("", "no documents"),
        ("\n\n", "no documents"),
        ("{", "line 1: not a JSON object"),
        ("[" * 200_000, "line 1: not a JSON object"),
        ("[]", "line 1: document"),
        (entry() + "\nnull", "line 2: document"),
        (entry(id=""), "line 1: id"),
        (entry(id=7), "line 1: id"),
        (entry(document_type=None), "line 1: document_type"),
        (entry(file="absent.pdf"), "line 1: file"),
        (entry(file="../small.txt"), "outside the corpus folder"),
        (entry() + "\n" + entry(file="1.pdf"), "line 2: id 'doc-0' names"),
        (entry(fields={"invoice_total": 12.5}), "line 1: fields.invoice_total"),
        (entry(line_items={}), "line 1: line_items"),
        (entry(line_items=[{"amount": "12,50"}]), "line 1: line_items.0.amount"),
        (entry(line_items=[{"amount": "1", "page": 0}]), "line 1: line_items.0.page"),
        (entry(line_items=[{"amount": "1", "bbox": [1, 0, 0, 1]}]), "line_items.0.bbox"),
        (entry(line_items=[{"start_date": "31.12.2024"}]), "line 1: line_items.0.start_date"),
        (b"\xff\xfe{}", "is not UTF-8"),
    ],
)
def test_malformed_corpora_are_refused_in_one_line(
    small: Path,
    tmp_path: Path,
    said: Callable[[list[str]], str],
    content: str | bytes,
    message: str,
) -> None:
    raw = content if isinstance(content, bytes) else content.encode()
    (small / "manifest.jsonl").write_bytes(raw)
    given = write_lines(tmp_path / "given.jsonl", predicted(0))
    refused = said(arguments(small, tmp_path / "out", "--predictions", str(given)))
    assert message in refused


@pytest.mark.parametrize(
    ("more", "message"),
    [
        (["--checkpoint", "nowhere"], "nowhere"),
        (["--device", "abacus"], "device must be auto, cpu, cuda"),
        (["--limit", "0"], "limit must be at least 1, got 0"),
        (["--limit", "-1"], "limit must be at least 1, got -1"),
        (["--workers", "0"], "workers must be at least 1, got 0"),
        (["--words", "given", "--workers", "1"], "brings no words of its own"),
    ],
)
def test_a_call_that_cannot_be_answered_is_refused(
    small: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], more: list[str], message: str
) -> None:
    assert main(arguments(small, tmp_path / "out", *more)) == 2
    # A device line may come first: it was chosen before the refusal.
    assert message in capsys.readouterr().err.splitlines()[-1]
    assert not (tmp_path / "out" / "report.json").exists()
