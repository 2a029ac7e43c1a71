"""Past disputes under two policies: only the policy makes a difference, and all of it is shown."""

import json
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from data.synthesis.stories.files import write_disputes
from serving.cli import main
from serving.commands.simulate import NoDisputes, load_disputes, replay_disputes, replays_to_json
from serving.matching.rules.policy import Policy, parse_policy

ORDER = {
    "order": {
        "po_number": "4711",
        "currency": "EUR",
        "lines": [
            {"po_line_number": "1", "product_code": "A-1", "quantity_ordered": "100",
             "unit_code": "EA", "unit_price": "10.00"},
        ],
    },
    "receipts": [
        {"receipt_id": "R", "lines": [{"po_line_number": "1", "quantity_received": "100"}]}
    ],
}  # fmt: skip
LOOSE = parse_policy({"tolerances": [{"kind": "price", "pct_upper": "2"}]})


def bill(price: str) -> list[dict[str, Any]]:
    line = {"product_code": "A-1", "quantity": "100", "unit_code": "EA", "unit_price": price}
    fields = {"purchase_order": "4711"}
    return [{"id": "i", "document_type": "invoice", "fields": fields, "line_items": [line]}]


@pytest.fixture
def past(tmp_path: Path) -> Path:
    """Three disputes: none, a small and a large difference in price."""
    for name, price in (("a", "10.00"), ("b", "10.15"), ("c", "11.00")):
        place = tmp_path / "past" / name
        place.mkdir(parents=True)
        (place / "dispute.json").write_text(json.dumps(ORDER))
        (place / "documents.json").write_text(json.dumps(bill(price)))
    (tmp_path / "strict.yaml").write_text("expect: receipts")
    (tmp_path / "loose.yaml").write_text('tolerances: [{kind: price, pct_upper: "2"}]')
    return tmp_path / "past"


def test_what_changes_is_counted_in_findings_and_money(past: Path) -> None:
    seen = replays_to_json(
        replay_disputes(load_disputes(past), Policy(), LOOSE), ("strict", "loose")
    )
    assert (seen["disputes"], seen["changed"]) == (3, 1)
    assert seen["first"]["findings"] == {"PRICE_OVER": 2}
    assert seen["second"]["findings"] == {"PRICE_OVER": 1}
    assert seen["first"]["statuses"] == {"matched": 1, "discrepancy": 2}
    assert seen["second"]["statuses"] == {"matched": 1, "within_tolerance": 1, "discrepancy": 1}
    assert seen["difference"]["certain"] == {"EUR": "-15.00"}
    (change,) = seen["changes"]
    assert change["dispute"] == "b"
    assert change["status"] == ["discrepancy", "within_tolerance"]
    assert change["only_first"] == [{"code": "PRICE_OVER", "state": "claim", "count": 1}]
    assert change["only_second"] == []


def test_the_same_policy_twice_changes_nothing(past: Path) -> None:
    seen = replays_to_json(replay_disputes(load_disputes(past), LOOSE, LOOSE), ("a", "b"))
    assert (seen["changed"], seen["changes"]) == (0, [])
    assert seen["first"] == seen["second"]
    assert all(not Decimal(money) for money in seen["difference"]["certain"].values())


def test_the_command_shows_a_table_or_json(past: Path, capsys: pytest.CaptureFixture[str]) -> None:
    folder = past.parent
    command = ["simulate", "--policy", str(folder / "strict.yaml"),
               "--policy", str(folder / "loose.yaml"), str(past)]  # fmt: skip
    assert main(command) == 0
    table = capsys.readouterr().out
    assert "3 disputes, 1 changed" in table
    assert "discrepancy → within tolerance" in " ".join(table.replace("│", " ").split())
    assert "115.00" in table
    assert "−15.00" in table
    assert main([*command, "--json"]) == 0
    seen = json.loads(capsys.readouterr().out)
    assert seen["policies"] == ["strict", "loose"]
    assert seen["difference"]["certain"] == {"EUR": "-15.00"}


@pytest.mark.parametrize(
    ("change", "says"),
    [
        (["--policy", "strict.yaml", "past"], "1 policies given; give two"),
        (["--policy", "strict.yaml", "--policy", "loose.yaml", "nowhere"], "no such folder"),
        (["--policy", "strict.yaml", "--policy", "none.yaml", "past"], "none.yaml"),
        (["--policy", "strict.yaml", "--policy", "loose.yaml", "--today", "1.5.25", "past"],
         "write it like 2026-01-31"),
    ],
)  # fmt: skip
def test_what_cannot_be_simulated_is_told_in_one_line(
    past: Path, capsys: pytest.CaptureFixture[str], change: list[str], says: str
) -> None:
    words = [str(past.parent / word) if "." in word or "/" in word else word for word in change]
    words = [word if "1.5" not in word else "1.5.25" for word in words]
    words[-1] = str(past.parent / change[-1])
    assert main(["simulate", *words]) == 2
    streams = capsys.readouterr()
    assert streams.out == ""
    assert says in streams.err
    assert streams.err.count("\n") == 1


def test_a_dispute_without_documents_is_not_left_out_unnoticed(past: Path) -> None:
    (past / "b" / "documents.json").unlink()
    with pytest.raises(NoDisputes, match=r"b: contains neither documents\.json nor document\.json"):
        load_disputes(past)


def test_invented_disputes_are_replayed(tmp_path: Path) -> None:
    write_disputes(tmp_path, 3, 4, dpi=None)
    assert not list(tmp_path.glob("*/*.pdf"))
    disputes = load_disputes(tmp_path)
    assert [one.name for one in disputes] == [f"3-0000{place}" for place in range(4)]
    assert all(one.documents for one in disputes)
    assert len(replay_disputes(disputes, Policy(), LOOSE)) == 4
