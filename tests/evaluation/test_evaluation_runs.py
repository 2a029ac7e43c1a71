"""Evaluations as evaluators run them: repeated, in parallel, killed, and on input that is broken.

The shipped checkpoint reads small invoices made here; everything else is real too.
"""

import contextlib
import json
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import psutil
import pytest

from tests.support.small_invoices import row, write_corpus, write_lines
from training.evaluate import main

DEADLINE_S = 120
TIMES = frozenset({"made_at", "seconds", "seconds_reading", "timing"})
DOCUMENTS = 12


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


def kill_after_first_row(command: list[str], partial: Path) -> list[psutil.Process]:
    """Run the command until the partial file holds a whole row, then kill it; its children."""
    process = subprocess.Popen(
        command, start_new_session=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    end = time.monotonic() + DEADLINE_S
    try:
        while not (partial.is_file() and partial.read_bytes().count(b"\n") >= 2):
            assert time.monotonic() < end, f"no row within {DEADLINE_S} s"
            with contextlib.suppress(subprocess.TimeoutExpired):
                pytest.fail(f"the run ended with {process.wait(timeout=0.01)} before the kill")
        return psutil.Process(process.pid).children(recursive=True)
    finally:
        process.kill()
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


def test_a_killed_run_leaves_no_process_behind(corpus: Path, tmp_path: Path) -> None:
    out = tmp_path / "killed"
    given = arguments(corpus, out, "--device", "cpu", "--workers", "2", "--no-baseline")
    command = [sys.executable, "-m", "training.evaluate", *given]
    children = kill_after_first_row(command, out / "predictions.jsonl.partial")
    assert len(children) >= 2
    _, alive = psutil.wait_procs(children, timeout=DEADLINE_S)
    assert alive == []


@pytest.mark.parametrize("changed", ["nothing", "settings", "code", "versions"])
def test_rows_are_kept_until_something_changes_that_they_depend_on(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    changed: str,
) -> None:
    def interrupted(*_: object) -> None:
        raise KeyboardInterrupt

    given = arguments(write_corpus(tmp_path / "corpus", 1), tmp_path / "out", "--reader", "rules")
    with monkeypatch.context() as patched:
        patched.setattr("training.evaluation.run.write_report", interrupted)
        assert main(given) == 130
    if changed == "code":
        monkeypatch.setattr("training.evaluation.run.code_hash", lambda: "another")
    if changed == "versions":
        monkeypatch.setattr("training.evaluation.run.versions", lambda: {"tesseract": "0"})
    assert main([*given, *(["--words", "text"] if changed == "settings" else [])]) == 0
    went_on = "read by an earlier run" in capsys.readouterr().err
    assert went_on == (changed == "nothing")


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


def test_predictions_beyond_the_limit_are_not_made_up(small: Path, tmp_path: Path) -> None:
    given = write_lines(tmp_path / "given.jsonl", predicted(0), predicted(1))
    more = ("--predictions", str(given), "--limit", "1")
    assert main(arguments(small, tmp_path / "out", *more)) == 0
    found = json.loads((tmp_path / "out" / "report.json").read_text())["items"]
    assert (found["wanted"], found["predicted"], found["right"]) == (2, 2, 2)


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
        (line(line_items=[{"amount": 12.5}]), "line 1: line_items.0.amount"),
        (line(line_items=[{"amount": "12,50"}]), "line 1: line_items.0.amount"),
        (line(line_items=[{"amount": "NaN"}]), "line 1: line_items.0.amount"),
        (line(line_items=[{"amount": "1e999999999"}]), "line 1: line_items.0.amount"),
        (line(line_items=[{"amount": "9" * 16}]), "line 1: line_items.0.amount"),
        (line(line_items=[{"amount": "1_000"}]), "line 1: line_items.0.amount"),
        (line(line_items=[{"amount": "٣"}]), "line 1: line_items.0.amount"),
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
