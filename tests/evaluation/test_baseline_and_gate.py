"""What stands beside the scores: the rules, an earlier report, thresholds, published metrics."""

import hashlib
import json
import os
import signal
from collections.abc import Callable, Iterable
from concurrent.futures.process import BrokenProcessPool
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from data.corpora.folder import read_corpus
from data.corpora.readings import WordChoice
from data.corpora.scans import DamageLevel
from data.records import ExtractedDocument, Page
from tests.support.small_evaluations import FAST, rows_of
from tests.support.small_invoices import row, write_corpus, write_lines
from training.decoding.calibration import Calibration
from training.evaluate import main
from training.evaluation.learned_from import LearnedFrom
from training.evaluation.predicting import ReadingOptions, predict, predict_all


@pytest.fixture
def corpora(tmp_path: Path) -> Path:
    """A folder of corpora, `own` and `other`, of two invoices each."""
    folder = tmp_path / "corpora"
    folder.mkdir()
    for name in ("own", "other"):
        write_corpus(folder / name, 2)
    return folder


def run(corpora: Path, name: str, *more: str, status: int = 0) -> dict[str, Any]:
    """The report of an evaluation of `own`, nothing where it must refuse."""
    out, cache = corpora.parent / name, corpora.parent / "cache"
    given = ["--corpus", str(corpora / "own"), "--out", str(out), "--cache", str(cache), *FAST]
    assert main([*given, *more]) == status
    return json.loads((out / "report.json").read_text()) if status < 2 else {}


def test_the_rules_stand_beside_the_model_as_they_would_stand_alone(corpora: Path) -> None:
    beside = run(corpora, "model")
    alone = run(corpora, "rules", "--reader", "rules")
    assert alone["settings"]["reader"] == beside["baseline"]["name"] == "rules baseline"
    assert alone["item_f1"] == beside["baseline"]["item_f1"]
    assert alone["item_f1"]["value"] > 0
    assert "baseline" not in alone
    found = beside["item_f1"]["value"] - alone["item_f1"]["value"]
    assert beside["baseline"]["differences"]["item_f1"]["value"] == pytest.approx(found)
    folder = corpora.parent
    of_rules = rows_of(folder / "rules" / "predictions.jsonl")
    assert rows_of(folder / "model" / "baseline.jsonl") == of_rules
    assert "Beside the baseline" in (folder / "model" / "report.html").read_text()
    assert alone["hashes"]["weights"] is None
    assert alone["confidence"]["calibration"] == ""  # rules have none


@pytest.mark.parametrize(
    ("source", "record", "said"),
    [
        ("", "none", "none was fitted, the network's own probabilities are stated."),
        ("own, receipts", "none", "fitted on own, receipts; the checkpoint keeps no record of the"),
        ("own, receipts", "others", "fitted on own, receipts."),
        # By content: the folder that was fitted on had another name.
        ("receipts", "calibrated", "fitted on receipts, 1 of these 2 documents among them: its"),
        ("receipts", "trained", "fitted on receipts."),
    ],
)
def test_a_report_says_what_its_own_documents_were_used_for(
    corpora: Path, monkeypatch: pytest.MonkeyPatch, source: str, record: str, said: str
) -> None:
    first = frozenset({hashlib.sha256((corpora / "own" / "0.pdf").read_bytes()).hexdigest()})
    records = {
        "none": None,
        "others": LearnedFrom(frozenset({"0" * 64})),
        "calibrated": LearnedFrom(calibrated_on=first),
        "trained": LearnedFrom(first, first),
    }
    fitted = Calibration(source=source)
    monkeypatch.setattr("training.evaluation.fitting.load_calibration", lambda _: fitted)
    monkeypatch.setattr("training.evaluation.fitting.read_learned_from", lambda _: records[record])
    report = run(corpora, "out", "--no-baseline")
    assert report["confidence"]["calibration"].startswith(said)
    text = (corpora.parent / "out" / "report.md").read_text()
    if record == "none":
        assert report["fitting"] == {"known": False}
        assert "used for fitting" not in report["slices"]
        assert "keeps no record of the documents it learned from" in text
        return
    used = {"trained": 0, "calibrated": 0, "neither": 1} | {record: 1}
    used = used if record != "others" else {"trained": 0, "calibrated": 0, "neither": 2}
    assert report["fitting"] == {"known": True, **used}
    apart = {entry["value"]: entry["documents"] for entry in report["slices"]["used for fitting"]}
    assert sorted(apart.values()) == sorted(count for count in used.values() if count)
    assert f"The weights learned from {used['trained']} of these documents" in text


def test_without_a_baseline_nothing_of_an_earlier_one_stays(corpora: Path) -> None:
    run(corpora, "out")
    assert (corpora.parent / "out" / "baseline.jsonl").is_file()
    assert "baseline" not in run(corpora, "out", "--no-baseline")
    assert not (corpora.parent / "out" / "baseline.jsonl").exists()


def test_a_run_stopped_while_its_report_is_made_reads_nothing_again(
    corpora: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def interrupted(*_: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr("training.evaluation.run.write_report", interrupted)
        run(corpora, "out", status=130)
    assert "run the same command to continue" in capsys.readouterr().err
    run(corpora, "out")
    said = capsys.readouterr().err
    assert said.count("2 documents were read by an earlier run") == 2  # by the model and by rules
    left = {path.name for path in (corpora.parent / "out").iterdir()}
    reports = {"report.json", "report.md", "report.html"}
    assert left == {"predictions.jsonl", "baseline.jsonl"} | reports


class Recorder:
    """Remembers the pages it was given, and finds nothing."""

    def __init__(self) -> None:
        self.pages: tuple[Page, ...] = ()

    def extract(self, name: str, pages: Iterable[Page]) -> tuple[ExtractedDocument, ...]:
        self.pages = tuple(pages)
        return ()


@pytest.mark.parametrize(
    ("file", "words", "damage", "by_plumber", "source"),
    [
        ("text.pdf", "auto", "none", True, "text"),
        ("text.pdf", "text", "none", True, "text"),
        ("text.pdf", "ocr", "none", False, "ocr"),
        ("text.pdf", "auto", "light", False, "ocr"),
        ("named.png", "auto", "none", True, "text"),  # a PDF by its content
        ("image.pdf", "auto", "none", False, "none"),  # no text layer: read like anything
        ("image.pdf", "text", "none", True, "none"),
        ("image.png", "auto", "none", False, "none"),
    ],
)
def test_rules_take_a_text_layer_from_pdfplumber(
    tmp_path: Path,
    file: str,
    words: WordChoice,
    damage: DamageLevel,
    by_plumber: bool,
    source: str,
) -> None:
    folder = write_corpus(tmp_path / "corpus", 1)
    (folder / "0.pdf").replace(folder / "text.pdf")
    (folder / "named.png").write_bytes((folder / "text.pdf").read_bytes())
    for name in ("image.pdf", "image.png"):
        Image.new("L", (300, 400), 255).save(folder / name)
    write_lines(folder / "manifest.jsonl", row(0, file=file))
    (document,) = read_corpus(folder)
    reader = Recorder()
    predict(document, reader, ReadingOptions(words, None, damage, "pdfplumber"))
    (page,) = reader.pages
    assert page.words_source == source
    assert (page.image is None) == by_plumber
    # The model never reads pdfplumber's words
    predict(document, reader, ReadingOptions(words, None, damage))
    assert "pdfplumber" not in reader.pages[0].reason


def test_a_report_is_compared_with_an_earlier_one(corpora: Path) -> None:
    good = write_lines(corpora / "good.jsonl", row(0), row(1))
    poor = write_lines(corpora / "poor.jsonl", row(0), row(1, line_items=[]))
    run(corpora, "poor", "--predictions", str(poor))
    earlier = str(corpora.parent / "poor")
    report = run(corpora, "good", "--predictions", str(good), "--compare", earlier)
    (items,) = (one for one in report["comparison"]["differences"] if one["name"] == "item_f1")
    assert (items["new"], items["other"]) == (1.0, pytest.approx(4 / 7))
    assert [one["id"] for one in report["comparison"]["changed"]] == ["doc-1"]
    assert "Compared with poor.jsonl" in (corpora.parent / "good" / "report.md").read_text()


def test_half_a_surrogate_pair_is_scored_and_written_as_it_was(corpora: Path) -> None:
    given = corpora / "given.jsonl"
    given.write_text('{"id": "doc-0", "fields": {"vendor_name": "Caf\\ud800"}}\n')
    run(corpora, "out", "--predictions", str(given))
    (said,) = rows_of(corpora.parent / "out" / "predictions.jsonl")
    assert said["fields"]["vendor_name"] == "Caf\ud800"


@pytest.mark.parametrize("content", [None, "{", "[]", "{}"])
def test_what_cannot_be_compared_with_is_refused_before_anything_is_read(
    corpora: Path, capsys: pytest.CaptureFixture[str], content: str | None
) -> None:
    if content is not None:
        (corpora / "report.json").write_text(content)
    run(corpora, "out", "--compare", str(corpora), status=2)
    assert capsys.readouterr().err.startswith(str(corpora / "report.json"))
    assert not (corpora.parent / "out").exists()


def write_gate(folder: Path, own: float, other: float = 0.0) -> str:
    runs = [
        {"corpus": "own", "words": "text", "at_least": {"item_f1": own}},
        {"corpus": "other", "words": "text", "at_least": {"cell_f1": other}},
    ]
    path = folder / "gate.yaml"
    path.write_text(json.dumps({"corpora": "corpora", "runs": runs}))
    return str(path)


@pytest.mark.parametrize(
    ("own", "status", "line"), [(0.1, 0, "held"), (1.01, 1, "MISSED")], ids=["held", "missed"]
)
def test_a_gate_alone_measures_all_it_lists(
    corpora: Path, capsys: pytest.CaptureFixture[str], own: float, status: int, line: str
) -> None:
    out = corpora.parent / "out"
    given = ["--gate", write_gate(corpora.parent, own), "--out", str(out), "--reader", "rules"]
    assert main([*given, "--cache", str(corpora.parent / "cache"), "--workers", "1"]) == status
    said = capsys.readouterr().out.splitlines()
    assert said[1].startswith("own, text: item_f1 ")
    assert said[1].endswith(line)
    assert said[3].startswith("other, text: cell_f1 ")
    assert said[3].endswith("held")  # a miss does not keep the next from being measured
    report = json.loads((out / "own-text-none" / "report.json").read_text())
    (outcome,) = report["gate"]
    assert (outcome["figure"], outcome["limit"], outcome["held"]) == ("item_f1", own, status == 0)
    assert outcome["seen"] == report["item_f1"]["value"]
    assert "Release gate" in (out / "other-text-none" / "report.md").read_text()


@pytest.mark.parametrize(("own", "status"), [(1.0, 0), (1.01, 1)])
def test_one_corpus_is_held_against_its_own_threshold(
    corpora: Path, own: float, status: int
) -> None:
    good = write_lines(corpora / "good.jsonl", row(0), row(1))
    given = ("--predictions", str(good), "--gate", write_gate(corpora.parent, own, 2.0))
    report = run(corpora, "out", *given, status=status)
    assert [one["held"] for one in report["gate"]] == [status == 0]


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ([], "nothing to score: give --corpus with --out, or --gate"),
        (["--corpus", "CORPORA/own"], "--out is missing"),
        (["--corpus", "CORPORA/own", "--out", "OUT", "--corpora", "CORPORA"], "exclude each other"),
        (["--gate", "GATE", "--limit", "3"], "give --corpus with --limit"),
        (["--gate", "GATE", "--damage", "light"], "give --corpus with --damage"),
        (["--gate", "GATE", "--predictions", "p.jsonl"], "give --corpus with --predictions"),
        (["--gate", "GATE", "--corpora", "OUT"], "own, text: the corpus OUT/own does not exist"),
        (["--gate", "OUT/none.yaml"], "the gate cannot be read"),
        (
            ["--corpus", "CORPORA/own", "--out", "OUT", "--gate", "GATE", "--words", "ocr"],
            "own: the gate lists no run with words ocr, damage none, limit none, only own, text",
        ),
        (
            ["--corpus", "CORPORA/own", "--out", "OUT", "--predictions", "p", "--damage", "light"],
            "p is scored as it is, nothing is read: leave out damage light",
        ),
        (
            ["--corpus", "CORPORA/own", "--out", "OUT", "--slice", "layuot"],
            "no document has 'layuot' to slice by; there is nothing",
        ),
        (
            ["--corpus", "CORPORA/own", "--out", "OUT", "--reader", "rules", "--checkpoint", "x"],
            "rules need no checkpoint",
        ),
    ],
)
def test_a_call_that_contradicts_itself_is_refused_in_one_line(
    corpora: Path, capsys: pytest.CaptureFixture[str], given: list[str], message: str
) -> None:
    out = corpora.parent / "out"
    names = {"CORPORA": str(corpora), "OUT": str(out), "GATE": write_gate(corpora.parent, 0.5)}

    def filled(text: str) -> str:
        for name, path in names.items():
            text = text.replace(name, path)
        return text

    assert main([filled(one) for one in given]) == 2
    streams = capsys.readouterr()
    assert streams.out == ""
    assert filled(message) in streams.err
    assert streams.err.count("\n") == 1
    assert not out.exists()


class Killed:
    """A reader whose process the system kills, as it does when memory runs out."""

    def extract(self, name: str, pages: Iterable[Page]) -> tuple[ExtractedDocument, ...]:
        os.kill(os.getpid(), signal.SIGKILL)
        return ()


def test_a_killed_reading_process_is_no_silent_miss(corpora: Path) -> None:
    documents = list(read_corpus(corpora / "own"))
    with pytest.raises(BrokenProcessPool):
        list(predict_all(documents, Killed, ReadingOptions("auto", corpora.parent / "cache"), 2))


@pytest.fixture
def broken(monkeypatch: pytest.MonkeyPatch) -> Callable[[BaseException], None]:
    """Makes the next evaluation end in the error given."""

    def arrange(error: BaseException) -> None:
        def raise_it(_: object) -> None:
            raise error

        monkeypatch.setattr("training.evaluate.evaluate", raise_it)

    return arrange


@pytest.mark.parametrize(
    ("error", "status", "message"),
    [
        (BrokenProcessPool("gone"), 2, "a reading process was killed"),
        (KeyboardInterrupt(), 130, "stopped; the documents already read are kept"),
        (ValueError("two\nlines"), 2, "two lines"),
    ],
)
def test_an_end_before_the_report_is_said_in_one_line(
    corpora: Path,
    capsys: pytest.CaptureFixture[str],
    broken: Callable[[BaseException], None],
    error: BaseException,
    status: int,
    message: str,
) -> None:
    broken(error)
    run(corpora, "out", status=status)
    assert capsys.readouterr().err.startswith(message)


def test_a_report_says_what_its_figures_depend_on(corpora: Path) -> None:
    report = run(corpora, "out", "--reader", "rules")
    for name in ("python", "torch", "pdfplumber", "tesseract", "pdftoppm"):
        assert report["versions"][name][0].isdigit(), name
    first = report["hashes"]
    assert len(first["code"]) == len(first["corpus"]) == 16
    manifest = corpora / "own" / "manifest.jsonl"
    manifest.write_text(manifest.read_text().replace("Washer steel large", "Washer steel small"))
    changed = run(corpora, "out", "--reader", "rules")["hashes"]
    assert changed["code"] == first["code"]
    assert changed["corpus"] != first["corpus"]
