"""Disputes planted around a tiny corpus, from predictions on disk to the report's section."""

import json
from pathlib import Path
from typing import Any

import pytest

from serving.evaluate import main
from serving.scoring.prediction_documents import read_prediction
from training.evaluate import main as score
from training.metrics.predictions import PredictionError, to_prediction
from training.report.disputes_section import CLOSES, OPENS, put_section

SHARED = Path(__file__).parents[3] / "shared" / "real"
GOODS = ("Hex bolt", "Copper pipe", "Garden hose", "Paint brush", "Safety gloves", "Work lamp")


def line(number: int, name: str) -> dict[str, Any]:
    quantity, price = 12 * (number + 1), f"{number + 3}.50"
    return {
        "description": name,
        "product_code": f"{name[:2].upper()}-{number}41{number}",
        "quantity": str(quantity),
        "unit_code": "H87",
        "unit_price": price,
        "amount": f"{quantity * float(price):.2f}",
    }


def documents(count: int) -> list[dict[str, Any]]:
    rows = [line(number, name) for number, name in enumerate(GOODS)]
    return [
        {
            "id": f"doc-{number}",
            "file": "page.txt",
            "document_type": "purchase_order" if number == 1 else "invoice",
            "fields": {"invoice_id": f"R{number}", "purchase_order": "4711", "currency": "EUR"},
            "line_items": rows,
        }
        for number in range(count)
    ]


def write_corpus(folder: Path, rows: list[dict[str, Any]]) -> Path:
    folder.mkdir()
    (folder / "page.txt").write_text("no page")
    text = "".join(json.dumps(row) + "\n" for row in rows)
    (folder / "manifest.jsonl").write_text(text)
    return folder


def prediction(row: dict[str, Any]) -> dict[str, Any]:
    """A reader that makes no mistake and has no doubt."""
    return {name: row[name] for name in ("id", "document_type", "fields", "line_items")}


def report_of(tmp_path: Path, corpus: Path, predictions: list[dict[str, Any]]) -> Path:
    """The folder that `training.evaluate` writes for these predictions."""
    given, out = tmp_path / "given.jsonl", tmp_path / "report"
    given.write_text("".join(json.dumps(one) + "\n" for one in predictions))
    assert score(["--corpus", str(corpus), "--out", str(out), "--predictions", str(given)]) == 0
    return out


def disputes(report: Path, corpus: Path, *more: str) -> dict[str, Any]:
    assert main(["--report", str(report), "--corpus", str(corpus), *more]) == 0
    section: dict[str, Any] = json.loads((report / "report.json").read_text())["disputes"]
    return section


def test_a_reader_without_fault_finds_what_was_planted(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    rows = documents(40)
    corpus = write_corpus(tmp_path / "corpus", rows)
    report = report_of(tmp_path, corpus, [prediction(row) for row in rows])
    said = disputes(report, corpus)
    assert (said["documents"], said["role_assumed"]) == (40, 1)
    for code, count in said["codes"].items():
        shown = count["reported"]
        assert (code, shown["right"]) == (code, shown["wanted"])
        assert (code, shown["predicted"]) == (code, shown["wanted"])
    assert said["codes"].keys() >= {"PRICE_OVER", "QTY_OVER_RECEIPT", "QTY_NO_RECEIPT"}
    money = said["money"]["EUR"]
    assert (money["false"], money["missed_silent"]) == ("0.00", "0.00")
    assert float(money["found"]) > 0
    assert (said["wrong_but_certain"], said["clean_documents_claimed_against"]) == ([], 0)
    assert f"40 disputes: variances F1 1.000; EUR: claimed {money['claimed']}" in (
        capsys.readouterr().out
    )


def test_the_section_stands_once_in_every_file(tmp_path: Path) -> None:
    rows = documents(6)
    corpus = write_corpus(tmp_path / "corpus", rows)
    report = report_of(tmp_path, corpus, [prediction(row) for row in rows])
    headline = json.loads((report / "report.json").read_text())["item_f1"]
    first = disputes(report, corpus)
    files = {name: (report / f"report.{name}").read_bytes() for name in ("json", "md", "html")}
    assert disputes(report, corpus) == first
    for name, content in files.items():  # twice is the same as once, byte for byte
        assert (report / f"report.{name}").read_bytes() == content
    for name in ("md", "html"):
        text = files[name].decode()
        assert text.count(OPENS) == text.count(CLOSES) == 1
        assert "treated as the vendor" in text
        assert "Wrong but certain" in text
    assert json.loads(files["json"])["item_f1"] == headline
    assert disputes(report, corpus, "--seed", "1") != first


def test_a_misread_price_is_false_money(tmp_path: Path) -> None:
    rows = documents(12)
    corpus = write_corpus(tmp_path / "corpus", rows)
    misread = [prediction(json.loads(json.dumps(row))) for row in rows]
    for one in misread:
        one["line_items"][2] |= {"unit_price": "7.50", "amount": "270.00"}  # 5.50 is printed
        one["line_items"][3]["confidence"] = {"quantity": 0.5}
    said = disputes(report_of(tmp_path, corpus, misread), corpus, "--worst", "3")
    assert float(said["money"]["EUR"]["false"]) > 0
    assert said["clean_documents_claimed_against"] == said["clean_documents"] > 0
    wrong = said["wrong_but_certain"]
    # The claim is made against every document; right by chance only where the order was changed.
    assert {one["code"] for one in wrong} >= {"PRICE_OVER"}
    assert any("7.50" in one["note"] for one in wrong)
    assert len(said["worst"]) == 3
    (held,) = (rule for rule in said["rules"] if rule["kind"] == "reading")
    assert held["rule"] == "quantity … was read with confidence … below …"
    assert held["lines"] == 12
    assert "without" not in held  # decided again only with --what-if


def test_what_each_rule_costs_and_stops(tmp_path: Path) -> None:
    """Quantities read badly bar the claims on their lines; half of them are wrong as well."""
    rows = documents(12)
    corpus = write_corpus(tmp_path / "corpus", rows)
    read = [prediction(json.loads(json.dumps(row))) for row in rows]
    for number, one in enumerate(read):
        one["line_items"][3]["confidence"] = {"quantity": 0.8}
        if number % 2:
            one["line_items"][3]["quantity"] = "99"
    report = report_of(tmp_path, corpus, read)
    said = disputes(report, corpus, "--seeds", "3", "--what-if", "--worst", "30")
    assert (said["documents"], said["disputes"]) == (12, 36)
    held = {rule["rule"]: rule for rule in said["rules"]}
    weak = held["quantity … was read with confidence … below …"]
    assert weak["lines"] == 36
    without = weak["without"]
    assert without["lines_decided"] > 0
    assert float(without["claimed_rightly"]["EUR"]) >= 0
    text = (report / "report.md").read_text()
    assert "What would change without each rule" in text
    assert "Claims by family of layouts" in text


def test_nothing_false_still_has_an_upper_bound(tmp_path: Path) -> None:
    rows = documents(12)
    corpus = write_corpus(tmp_path / "corpus", rows)
    report = report_of(tmp_path, corpus, [prediction(row) for row in rows])
    false = disputes(report, corpus)["money"]["EUR"]["false_per_1000"]
    assert false["value"] == 0
    assert 100 < false["upper"] < 1000  # of a dozen documents: between 10 % and all


@pytest.mark.parametrize(
    "garbage",
    [
        {"document_type": "other", "line_items": []},
        {"document_type": None, "line_items": [{"description": "??", "amount": "1"}] * 40},
        {"line_items": [{"quantity": "0", "unit_price": "0", "amount": "0"}]},
        {"document_type": "credit_memo", "line_items": [{"amount": "-5.00", "quantity": "-1"}]},
        {"document_type": "invoice", "fields": {"invoice_total": "abc", "due_date": "soon"}},
    ],
)
def test_garbage_claims_nothing_true_and_never_settles(
    tmp_path: Path, garbage: dict[str, Any]
) -> None:
    rows = documents(8)
    corpus = write_corpus(tmp_path / "corpus", rows)
    said = disputes(
        report_of(tmp_path, corpus, [{"id": row["id"]} | garbage for row in rows]), corpus
    )
    money = said["money"]["EUR"]
    assert (money["found"], money["false"], said["settled_documents"]) == ("0.00", "0.00", 0)
    assert money["missed_silent"] == money["missed_unseen"] == "0.00"
    assert float(money["claimable"]) > 0


def test_a_missing_prediction_is_nothing_read(tmp_path: Path) -> None:
    rows = documents(4)
    corpus = write_corpus(tmp_path / "corpus", rows)
    said = disputes(report_of(tmp_path, corpus, [prediction(rows[0])]), corpus)
    assert (said["documents"], said["settled_documents"] <= 1) == (4, True)
    assert said["lines_decided"]["value"] <= 0.25


def test_an_order_number_nobody_labelled_does_not_throw_the_document_out(tmp_path: Path) -> None:
    rows = documents(8)
    for row in rows:
        del row["fields"]["purchase_order"]
    corpus = write_corpus(tmp_path / "corpus", rows)
    read = [prediction(row) for row in rows]
    for one in read:
        one["fields"] = one["fields"] | {"purchase_order": "77-001"}
    said = disputes(report_of(tmp_path, corpus, read), corpus)
    assert said["order_number_not_labelled"] == 8
    assert "PO_NOT_FOUND" not in said["codes"]
    assert said["variances"]["value"] == 1.0


def test_planted_disputes_can_be_looked_at(tmp_path: Path) -> None:
    rows = documents(3)
    corpus = write_corpus(tmp_path / "corpus", rows)
    report = report_of(tmp_path, corpus, [prediction(row) for row in rows])
    disputes(report, corpus, "--write", str(tmp_path / "planted"))
    written = json.loads((tmp_path / "planted" / "doc-0.json").read_text())
    assert written["order"]["po_number"] == "4711"
    assert (tmp_path / "planted" / "doc-2.expected.json").is_file()


def test_a_policy_that_tolerates_finds_less(tmp_path: Path) -> None:
    rows = documents(12)
    corpus = write_corpus(tmp_path / "corpus", rows)
    report = report_of(tmp_path, corpus, [prediction(row) for row in rows])
    policy = tmp_path / "policy.yaml"
    policy.write_text('tolerances: [{kind: price, pct_upper: "50", pct_lower: "50"}]\n')
    said = disputes(report, corpus, "--policy", str(policy))
    prices = [said["codes"][code]["reported"] for code in said["codes"] if "PRICE" in code]
    assert sum(count["wanted"] for count in prices) > 0
    assert sum(count["predicted"] for count in prices) == 0
    assert said["policy"]["tolerances"][0]["kind"] == "price"


@pytest.mark.parametrize(
    ("spoil", "message"),
    [
        (lambda report, corpus: (report / "predictions.jsonl").unlink(), "predictions.jsonl"),
        (lambda report, corpus: (report / "report.json").unlink(), "report.json: no such file"),
        (lambda report, corpus: (report / "report.html").unlink(), "report.html: no such file"),
        (lambda report, corpus: (report / "report.json").write_text("[1]"), "want a JSON object"),
        (
            lambda report, corpus: (report / "report.json").write_text('{"settings": 1}'),
            "settings and hashes must be objects",
        ),
        (
            lambda report, corpus: (report / "report.json").write_text('{"hashes": [1]}'),
            "settings and hashes must be objects",
        ),
        (lambda report, corpus: (report / "report.json").write_text("{"), "not a JSON object"),
        (lambda report, corpus: (corpus / "page.txt").write_text("x"), "not the documents"),
        (lambda report, corpus: (corpus / "manifest.jsonl").unlink(), "corpus"),
    ],
)
def test_what_cannot_be_used_is_said_in_one_sentence(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], spoil: Any, message: str
) -> None:
    rows = documents(2)
    corpus = write_corpus(tmp_path / "corpus", rows)
    report = report_of(tmp_path, corpus, [prediction(row) for row in rows])
    spoil(report, corpus)
    capsys.readouterr()
    assert main(["--report", str(report), "--corpus", str(corpus)]) == 2
    said = capsys.readouterr()
    assert message in said.err
    assert said.err.count("\n") == 1
    assert said.out == ""


def test_a_corpus_that_can_carry_nothing_is_refused(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    rows = documents(1)
    rows[0]["line_items"] = [{"description": "Tea", "amount": "-3.00"}]
    corpus = write_corpus(tmp_path / "corpus", rows)
    report = report_of(tmp_path, corpus, [prediction(rows[0])])
    assert main(["--report", str(report), "--corpus", str(corpus)]) == 2
    assert "doc-0: item 1 prints no quantity" in capsys.readouterr().err


def test_predictions_come_back_as_the_documents_they_were_made_from() -> None:
    told = {
        "id": "two",
        "document_type": "invoice",
        "line_items": [
            {
                "amount": "3.00",
                "date": "2026-02-03",
                "line_type": "freight",
                "page": 2,
                "bbox": [0.1, 0.2, 0.3, 0.4],
                "confidence": {"amount": 0.75},
                "places": {"amount": {"page": 2, "bbox": [0.2, 0.2, 0.3, 0.4]}},
                "alternatives": {"amount": [{"value": "8.00", "confidence": 0.2}]},
            },
            {"amount": "4.00", "line_type": "item"},
        ],
        "parts": [
            {
                "document_type": "invoice",
                "document_type_confidence": 0.6,
                "fields": {"invoice_id": "1"},
                "line_items": [1],
            },
            {"document_type": "packing_slip", "fields": {"sub_total": "3.00"}, "line_items": [0]},
        ],
    }
    first, second = read_prediction(told)
    assert (first.document_type.confidence, second.document_type.confidence) == (0.6, 1.0)
    assert (first.document_id, first.value("invoice_id")) == ("two#1", "1")
    again = to_prediction("two", (second,), 0.0)["line_items"][0]
    row: Any = told["line_items"][0]  # type: ignore[index]
    assert {name: again[name] for name in row if name != "confidence"} == {
        name: row[name] for name in row if name != "confidence"
    }
    assert again["confidence"] == {"amount": 0.75, "date": 1.0}


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"line_items": {}}, "x: line_items: want a list, got dict"),
        ({"line_items": [3]}, "x: line_items.0: want an object, got int"),
        ({"line_items": [{"amount": 3}]}, "line_items.0.amount: want a string, got 3"),
        ({"line_items": [{"line_type": "goods"}]}, "line_items.0.line_type: 'goods' is none of"),
        ({"line_items": [{"page": 0}]}, "line_items.0.page: want a page number from 1, got 0"),
        ({"line_items": [{"bbox": [1, 2]}]}, "line_items.0.bbox: want a box of 4 numbers"),
        ({"fields": {"currency": 1}}, "x: fields.currency: want a string, got 1"),
        ({"fields": {"a": "b"}, "confidence": {"a": 7}}, "want a confidence within 0..1, got 7"),
        ({"document_type_confidence": "high"}, "want a confidence within 0..1, got 'high'"),
        ({"parts": [{"line_items": [4]}]}, "row 4 is none of the 0 line items"),
    ],
)
def test_predictions_that_break_the_format_are_named(change: Any, message: str) -> None:
    with pytest.raises(PredictionError) as raised:
        read_prediction({"id": "x"} | change)
    assert message in str(raised.value)


def test_the_section_goes_to_its_mark_or_to_the_end() -> None:
    assert put_section(f"a\n{OPENS}\nb", "x") == f"a\n{OPENS}\nx\n{CLOSES}\nb"
    assert put_section(f"a {OPENS} old {CLOSES} b", "x") == f"a {OPENS}\nx\n{CLOSES} b"
    assert put_section("<p></body></html>", "x") == f"<p>{OPENS}\nx\n{CLOSES}\n</body></html>"
    assert put_section("# A\n", "x") == f"# A\n\n{OPENS}\nx\n{CLOSES}\n"


@pytest.mark.shared
def test_truth_as_prediction_finds_nothing_wrong_with_real_invoices(tmp_path: Path) -> None:
    corpus = SHARED / "einvoice"
    if not corpus.is_dir():
        pytest.skip("the real documents are not beside this checkout")
    rows = [json.loads(text) for text in (corpus / "manifest.jsonl").read_text().splitlines()]
    for row in rows:
        order = row["document_type"] == "purchase_order"
        row["document_type"] = "purchase_order" if order else "invoice"
        row["line_items"] = [
            {name: value for name, value in item.items() if isinstance(value, str)}
            for item in row["line_items"]
        ]
    once = {row["id"]: prediction(row) for row in reversed(rows)}  # one id has two truths
    said = disputes(report_of(tmp_path, corpus, list(once.values())), corpus)
    assert said["money"]["EUR"]["false"] == "0.00"
    assert said["money"]["EUR"]["missed_silent"] == "0.00"
    assert said["wrong_but_certain"] == []
    for code in ("QTY_OVER_RECEIPT", "QTY_OVER_ORDER", "QTY_NO_RECEIPT", "PRICE_OVER"):
        shown = said["codes"][code]["reported"]
        assert (code, shown["right"]) == (code, shown["wanted"])
