"""The command line: exit status, one line about what is wrong, data on stdout only."""

import csv
import hashlib
import importlib
import io
import json
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from PIL import Image, ImageDraw

from serving.cli import main
from serving.commands.messages import INPUT_ERRORS
from tests.support.embedded_invoices import invoice, pdf
from tests.support.x12_files import interchange, transaction
from training.network.checkpoint import save_checkpoint
from training.network.model import LineItemReader, ModelConfig

ORDER = {
    "order": {
        "po_number": "4711",
        "currency": "EUR",
        "lines": [
            {
                "po_line_number": "1",
                "product_code": "A-1",
                "quantity_ordered": "10",
                "unit_code": "EA",
                "unit_price": "2.00",
            }
        ],
    }
}
RECEIPTS = {
    "receipts": [{"receipt_id": "R", "lines": [{"po_line_number": "1", "quantity_received": "8"}]}]
}
LINE = {
    "line_number": "1",
    "product_code": "A-1",
    "quantity": "10",
    "unit_code": "EA",
    "unit_price": "2.00",
    "amount": "20.00",
}
INVOICE = {
    "id": "invoice",
    "document_type": "invoice",
    "fields": {"invoice_id": "I-1", "purchase_order": "4711", "currency": "EUR"},
    "line_items": [LINE],
}
MAPPING = """
order:
  delimiter: ","
  decimal: "."
  columns: {po_number: order, po_line_number: line, product_code: item, quantity_ordered: qty,
            unit_price: price}
  constants: {unit_code: EA, currency: EUR}
"""
PDF = """%PDF-1.4
1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj
2 0 obj<</Type/Pages/Kids[3 0 R]/Count {count}>>endobj
3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 {side} {side}]>>endobj
trailer<</Root 1 0 R>>
"""


@pytest.fixture(scope="session")
def untrained(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A checkpoint of a small model that has learned nothing."""
    folder = tmp_path_factory.mktemp("untrained")
    config = ModelConfig(width=24, layers=1, heads=2, feed_forward=32)
    save_checkpoint(folder, LineItemReader(config).state_dict(), config, recipe="", card="")
    return folder


@pytest.fixture
def files(tmp_path: Path) -> Path:
    """A folder with usable and unusable files."""
    for name, content in {
        "order.json": ORDER,
        "receipts.json": RECEIPTS,
        "all.json": ORDER | RECEIPTS,
        "typo.json": {"order": ORDER["order"] | {"curency": "EUR"}},
        "euro.json": {"order": ORDER["order"] | {"currency": "EURO"}},
        "invoice.json": INVOICE,
        "clean.json": INVOICE | {"line_items": [LINE | {"quantity": "8", "amount": "16.00"}]},
    }.items():
        (tmp_path / name).write_text(json.dumps(content))
    (tmp_path / "cut.json").write_text("{")
    order = transaction("850", "BEG*00*SA*4711**20260301", "PO1*1*10*EA*2.00**VN*A-1")
    came = transaction("861", "BRA*R*20260305*00*1", "REF*PO*4711", "RCD*1*8*EA", "LIN**VN*A-1")
    bill = transaction("810", "BIG*20260310*I-1**4711", "IT1*1*10*EA*2.00**VN*A-1", "TDS*2000")
    for name, content in {"order.x12": order, "receipts.x12": came, "invoice.x12": bill}.items():
        (tmp_path / name).write_text(interchange(content))
    (tmp_path / "cut.x12").write_text(interchange(order)[:-9])
    (tmp_path / "order.csv").write_text("order,line,item,qty,price\n4711,1,A-1,10,2.00\n")
    (tmp_path / "mapping.yaml").write_text(MAPPING)
    (tmp_path / "typo.yaml").write_text(MAPPING.replace("decimal", "decimel"))
    (tmp_path / "policy.yaml").write_text('tolerances: [{kind: quantity, abs_upper: "4"}]')
    (tmp_path / "empty.pdf").write_bytes(b"")
    (tmp_path / "text.pdf").write_text("dear vendor")
    (tmp_path / "cut.pdf").write_text("%PDF-1.4\n1 0 obj")
    (tmp_path / "many.pdf").write_text(PDF.format(count=10_000, side=600))
    (tmp_path / "huge.pdf").write_text(PDF.format(count=1, side=200_000))
    (tmp_path / "white.pdf").write_text(PDF.format(count=1, side=600))
    Image.new("L", (1, 1), 255).save(tmp_path / "dot.png")
    Image.new("L", (300, 300), 255).save(tmp_path / "white.png")
    page = Image.new("L", (600, 400), 255)
    ImageDraw.Draw(page).text((40, 40), "INVOICE 4711 total 20.00", fill=0, font_size=24)
    page.save(tmp_path / "scan.png")
    return tmp_path


def run(files: Path, capsys: pytest.CaptureFixture[str], *argv: str) -> tuple[int, str, str]:
    """Exit status, stdout, stderr; words with a dot name files of the folder."""
    status = main([str(files / word) if "." in word else word for word in argv])
    streams = capsys.readouterr()
    return status, streams.out, streams.err


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("missing.pdf", "no such file"),
        ("empty.pdf", "0 bytes"),
        ("text.pdf", "PDF, TIFF, PNG or JPEG"),
        ("cut.pdf", "cannot be opened"),
        ("many.pdf", "10000 pages"),
        ("huge.pdf", "inches"),
        ("white.pdf", "white"),
        ("dot.png", "1 x 1 pixels"),
        ("white.png", "white"),
    ],
)
def test_an_unusable_file_is_told_in_one_line(
    files: Path, capsys: pytest.CaptureFixture[str], name: str, message: str
) -> None:
    argv = ["examine", "--order", "all.json", "--attachment", "scan.png", name]
    status, out, err = run(files, capsys, *argv, "--json")
    assert (status, out) == (2, "")
    assert err.count("\n") == 1
    assert name in err
    assert message in err
    status, out, err = run(files, capsys, "extract", name, "--json")
    (entry,) = json.loads(out)
    assert (status, err.count("\n")) == (2, 1)
    assert name in err
    assert name in entry["file"]
    assert message in entry["error"]["message"]
    assert entry["error"]["code"].isidentifier()


@pytest.mark.parametrize(
    ("names", "status"),
    [
        (("missing.pdf", "invoice.x12", "text.pdf"), 0),
        (("invoice.x12",), 0),
        (("cut.x12", "invoice.x12"), 0),
        (("missing.pdf", "text.pdf", "cut.x12"), 2),
        (("missing.pdf", "missing.pdf"), 2),
    ],
)
def test_files_of_one_call_are_independent(
    files: Path, capsys: pytest.CaptureFixture[str], names: tuple[str, ...], status: int
) -> None:
    seen, out, err = run(files, capsys, "extract", *names, "--json")
    entries = json.loads(out)
    bad = [name for name in names if name != "invoice.x12"]
    assert seen == status
    assert [Path(entry["file"]).name for entry in entries if "error" in entry] == bad
    assert [entry["fields"]["invoice_id"]["value"] for entry in entries if "fields" in entry] == (
        ["I-1"] * (len(names) - len(bad))
    )
    assert err.count("\n") == len(bad)
    seen, out, err = run(files, capsys, "extract", *names)  # tables
    assert (seen, err.count("\n")) == (status, len(bad))
    assert ("I-1" in out) is ("invoice.x12" in names)


@pytest.mark.parametrize(
    ("argv", "message"),
    [
        (["--order", "typo.json"], "did you mean 'currency'?"),
        (["--order", "euro.json"], "EURO"),
        (["--order", "cut.json"], "not JSON"),
        (["--order", "gone.json"], "cannot be read"),
        (["--order", "receipts.json"], '"order"'),
        (["--order", "all.json", "--document", "gone.json"], "cannot be read"),
        (["--order", "all.json", "--document", "cut.json"], "not JSON"),
        (["--order", "all.json", "--document", "order.json"], "order.json"),
        (["--order", "all.json", "--policy", "gone.yaml"], "gone.yaml"),
        (["--order", "all.json"], "--attachment"),
        (["--order", "cut.x12"], "cut.x12: segment"),
        (["--order", "order.csv"], "a CSV file needs --mapping"),
        (["--order", "order.csv", "--mapping", "typo.yaml"], "did you mean 'decimal'?"),
        (["--order", "order.csv", "--mapping", "gone.yaml"], "gone.yaml: cannot be read"),
        (["--order", "invoice.x12"], "give it with --document"),
        (["--order", "all.json", "--document", "order.x12"], "give it with --order"),
        (["--order", "all.json", "--document", "cut.x12"], "cut.x12: segment"),
        (["--order", "all.json", "--attachment", "cut.x12"], "cut.x12: segment"),
    ],
)
def test_unusable_data_is_told_in_one_line(
    files: Path, capsys: pytest.CaptureFixture[str], argv: list[str], message: str
) -> None:
    complete = {"--document", "--attachment"} & set(argv) or argv == ["--order", "all.json"]
    document = [] if complete else ["--document", "invoice.json"]
    status, out, err = run(files, capsys, "examine", *argv, *document, "--json")
    assert (status, out) == (2, "")
    assert err.count("\n") == 1
    assert message in err


def test_wrong_usage_exits_with_2(files: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for argv in (["extract"], ["examine", "--fail-on", "joy"], ["dance"], ["extract", "--zzz"]):
        status, out, err = run(files, capsys, *argv)
        assert (status, out) == (2, "")
        assert err


def test_a_verdict_is_printed_as_json(files: Path, capsys: pytest.CaptureFixture[str]) -> None:
    status, out, err = run(
        files,
        capsys,
        *("examine", "--order", "order.json", "--receipts", "receipts.json"),
        *("--document", "invoice.json", "--json"),
    )
    verdict = json.loads(out)
    assert (status, err) == (0, "")
    assert [variance["code"] for variance in verdict["variances"]] == ["QTY_OVER_RECEIPT"]
    assert verdict["variances"][0]["amount"] == "4.00"


@pytest.mark.parametrize(
    ("document", "options", "status"),
    [
        ("invoice.json", [], 0),
        ("invoice.json", ["--fail-on", "variance"], 1),
        ("clean.json", ["--fail-on", "variance"], 0),
        ("clean.json", ["--fail-on", "variance", "--fail-on", "review"], 0),
    ],
)
def test_variances_fail_only_when_asked(
    files: Path,
    capsys: pytest.CaptureFixture[str],
    document: str,
    options: list[str],
    status: int,
) -> None:
    argv = ["examine", "--order", "order.json", "receipts.json", "--document", document, *options]
    assert run(files, capsys, *argv, "--json")[0] == status


@pytest.mark.parametrize(
    ("order", "receipts", "option", "bill"),
    [
        ("order.x12", "receipts.x12", "--document", "invoice.x12"),
        ("order.csv", "receipts.json", "--document", "invoice.json"),
        ("order.json", "receipts.x12", "--attachment", "invoice.x12"),
        ("order.csv", "receipts.x12", "--attachment", "invoice.json"),
    ],
)
def test_every_format_comes_to_the_same_verdict(
    files: Path,
    capsys: pytest.CaptureFixture[str],
    order: str,
    receipts: str,
    option: str,
    bill: str,
) -> None:
    """Ten billed, eight received, whatever form each side sends; no model is loaded for data."""
    argv = ("--order", order, "--receipts", receipts, option, bill, "--mapping", "mapping.yaml")
    status, out, err = run(files, capsys, "examine", *argv, "--json")
    (variance,) = json.loads(out)["variances"]
    assert (status, err) == (0, "")
    assert (variance["code"], variance["quantity"]) == ("QTY_OVER_RECEIPT", "2")
    assert variance["amount"] == "4.00"


def test_data_is_extracted_without_a_model(files: Path, capsys: pytest.CaptureFixture[str]) -> None:
    status, out, err = run(files, capsys, "extract", "invoice.x12", "--json")
    (document,) = json.loads(out)
    assert (status, err) == (0, "")
    assert document["line_items"][0]["quantity"]["source"] == "edi"
    digest = hashlib.sha256((files / "invoice.x12").read_bytes()).hexdigest()
    assert document["file_sha256"] == digest  # as the service stamps it


def test_a_policy_is_applied(files: Path, capsys: pytest.CaptureFixture[str]) -> None:
    argv = ["examine", "--order", "all.json", "--document", "invoice.json", "--json"]
    _, out, _ = run(files, capsys, *argv, "--policy", "policy.yaml")
    assert json.loads(out)["variances"] == []


def test_a_verdict_is_printed_as_a_table_and_told_below(
    files: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", "200")
    argv = ["examine", "--order", "all.json", "--document", "invoice.json"]
    _, out, _ = run(files, capsys, *argv)
    for part in (
        "discrepancy",
        "QTY_OVER_RECEIPT (2)",
        "4.00 EUR",
        "Our recommendation: Short-pay",
    ):
        assert part in out


def test_a_verdict_is_printed_for_a_spreadsheet(
    files: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    argv = ["examine", "--order", "all.json", "--document", "invoice.json", "--csv"]
    status, out, _ = run(files, capsys, *argv)
    (row,) = csv.DictReader(io.StringIO(out))
    assert (status, row["code"], row["amount"]) == (0, "QTY_OVER_RECEIPT", "4.00")
    status, out, err = run(files, capsys, *argv, "--json")
    assert (status, out) == (2, "")
    assert "choose one" in err


def test_extract_prints_documents_and_names_the_device(
    files: Path, untrained: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    argv = ["extract", str(files / "scan.png"), "--checkpoint", str(untrained), "--device", "cpu"]
    assert main([*argv, "--json"]) == 0
    streams = capsys.readouterr()
    documents: list[dict[str, Any]] = json.loads(streams.out)
    assert [document["document_id"] for document in documents] == ["scan.png"]
    assert documents[0]["pages"][0]["words_source"] == "ocr"
    assert streams.err == "tieout: device cpu: asked for\n"
    assert main(argv) == 0
    assert "scan.png" in capsys.readouterr().out


def test_an_e_invoice_is_read_from_its_xml(
    files: Path, untrained: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Whatever an untrained model makes of the page; where the page differs, a problem says so."""
    path = pdf(files / "a.pdf", invoice())
    assert main(["extract", str(path), "--checkpoint", str(untrained), "--json"]) == 0
    (document,) = json.loads(capsys.readouterr().out)
    quantity = document["line_items"][0]["quantity"]
    assert (quantity["value"], quantity["raw_text"], quantity["source"]) == (
        *("25000", "25000", "edi"),
    )
    assert document["fields"]["invoice_id"]["value"] == "R-17"


def test_a_missing_checkpoint_is_told(files: Path, capsys: pytest.CaptureFixture[str]) -> None:
    status, out, err = run(files, capsys, "extract", "scan.png", "--checkpoint", "no.where")
    assert (status, out, err.count("\n")) == (2, "", 1)
    assert "no.where" in err


def test_an_unread_page_is_never_no_variance(
    files: Path, untrained: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """An untrained model reads nothing of use: that is a review, not a match."""
    argv = ["examine", "--order", "all.json", "--attachment", "scan.png", "--json"]
    status, out, _ = run(files, capsys, *argv, "--fail-on", "review", f"--checkpoint={untrained}")
    verdict = json.loads(out)
    assert status == 1
    assert verdict["status"] in ("needs_review", "insufficient_evidence")


def test_version_and_doctor(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--version"]) == 0
    assert capsys.readouterr().out.startswith("tieout ")
    assert main(["doctor"]) in (0, 1)
    table = capsys.readouterr().out
    assert [name for name in ("tesseract", "pdftoppm", "gpu", "python") if name not in table] == []


def test_serve_refuses_a_taken_port_and_a_wrong_file(
    files: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    import socket

    monkeypatch.setenv("XDG_DATA_HOME", str(files / "home"))
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen()
        status, out, err = run(files, capsys, "serve", "--port", str(listener.getsockname()[1]))
    assert (status, out) == (2, "")
    assert "cannot listen on" in err.splitlines()[-1]
    status, out, err = run(files, capsys, "serve", "--config", "policy.yaml")
    assert (status, out, err.count("\n")) == (2, "", 1)
    assert "unknown key 'tolerances'" in err
    for key, value, message in (
        ("policy", f"{files}/gone", "gone"),
        ("checkpoint", f"{files}/gone", "config.json"),
        ("database", "mysql://host/name", "sqlite:///path or postgresql+psycopg://"),
        ("database", f"sqlite:///{files}", "the database cannot be used"),
        ("database", f"postgresql://tieout@/x?host={files}", "the database cannot be used"),
    ):
        (files / "serve.yaml").write_text(f"applications: [{{args: {{{key}: '{value}'}}}}]")
        status, out, err = run(files, capsys, "serve", "--config", "serve.yaml")
        assert (status, out, err.count("\n")) == (2, "", 1)
        assert message in err


def test_the_command_loads_neither_torch_nor_ray() -> None:
    program = "import sys, serving.cli; print({'torch', 'ray', 'fastapi'} & set(sys.modules))"
    finished = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True, timeout=60
    )
    assert finished.stdout == "set()\n"


@pytest.mark.parametrize("command", ["extract", "examine"])
def test_help_shows_examples(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, command: str
) -> None:
    """Each on a line of its own, and each can be parsed."""
    monkeypatch.setenv("COLUMNS", "100")
    assert main([command, "--help"]) == 0
    lines = [line.strip() for line in capsys.readouterr().out.splitlines()]
    examples = [line for line in lines if line.startswith(f"tieout {command} ")]
    assert len(examples) >= 2
    options = {option for line in examples for option in re.findall(r"--[a-z-]+", line)}
    assert [option for option in options if not any(option in line for line in lines)] == []


def test_errors_of_input_are_those_of_the_modules() -> None:
    """They are named, not imported: a name that leads nowhere would show a traceback instead."""
    for name in INPUT_ERRORS:
        module, _, kind = name.partition(":")
        assert issubclass(getattr(importlib.import_module(module), kind), Exception)


# Runs `tieout` where the packages named in the first argument are not installed.
WITHOUT = """
import sys
from importlib.abc import MetaPathFinder

class Missing(MetaPathFinder):
    def find_spec(self, name, path, target=None):
        if name.partition(".")[0] in missing:
            raise ModuleNotFoundError(f"No module named {name!r}", name=name)

missing = set(sys.argv[1].split(","))
sys.meta_path.insert(0, Missing())
from serving.cli import main
sys.exit(main(sys.argv[2:]))
"""
READ = "numpy,scipy,torch,torchvision,transformers,cv2,PIL,pytesseract,pdf2image,onnxruntime"
SERVE = "ray,fastapi,starlette,sqlalchemy,alembic,cryptography,fsspec,platformdirs,opentelemetry"


@pytest.mark.parametrize(
    ("argv", "status", "message"),
    [
        (["examine", "--document", "invoice.json", "--order", "all.json", "--json"], 0, ""),
        (["examine", "--document", "invoice.x12", "--order", "order.x12"], 0, ""),
        (["--version"], 0, ""),
        (["extract", "scan.png"], 2, "`tieout extract` needs: pip install 'tieout[read]'"),
        (
            ["examine", "--attachment", "scan.png", "--order", "all.json"],
            2,
            "`tieout examine --attachment` needs: pip install 'tieout[read]'",
        ),
        (["serve"], 2, "`tieout serve` needs: pip install 'tieout[serve]'"),
        (["keys", "list"], 2, "`tieout keys` needs: pip install 'tieout[serve]'"),
    ],
)
def test_the_base_installation_examines_and_names_the_extra_for_the_rest(
    files: Path, argv: list[str], status: int, message: str
) -> None:
    finished = subprocess.run(
        [sys.executable, "-c", WITHOUT, f"{READ},{SERVE}", *argv],
        cwd=files,
        env={"PYTHONPATH": str(Path(__file__).parents[2]), "PATH": "", "HOME": str(files)},
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert finished.returncode == status, finished.stderr
    assert message in finished.stderr
    assert finished.stderr.count("\n") == (1 if message else 0)
    assert bool(finished.stdout) is (status == 0)
