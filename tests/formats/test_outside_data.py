"""Every parser of outside data answers with a value or one short sentence, whatever it is given."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from data.exchange.csv_files.mapping import CsvMapping, read_mapping
from data.exchange.order_files import OrderDataError, parse_order_data, read_order_data
from data.exchange.recognise import read_documents
from data.exchange.wire.errors import ExchangeError
from data.outside_data import MAX_YAML_BYTES, MESSAGE_SIGNS, YamlError, load_yaml, shorten
from serving.matching.rules.policy import PolicyError
from serving.wire.document_json import documents_from_json
from serving.wire.field_json import DocumentJsonError
from serving.wire.policy_file import load_policy
from serving.wire.structured_files import parse_documents

ORDER_CSV = b"no;line;qty;day\n4711;1;10;2026-01-31\n"
MAPPING = b"""order:
  delimiter: ";"
  decimal: "."
  columns: {po_number: no, po_line_number: line, quantity_ordered: qty, order_date: day}
"""
X12 = (
    b"ISA*00*          *00*          *ZZ*VENDOR         *ZZ*BUYER          *260101*1200*U*00401*"
    b"000000001*0*P*>~GS*PO*V*B*20260101*1200*1*X*004010~ST*850*0001~BEG*00*SA*4711**20260101~"
    b"PO1*1*10*EA*1.00~CTT*1~SE*5*0001~GE*1*1~IEA*1*000000001~"
)
UBL = (
    b'<Order xmlns="urn:oasis:names:specification:ubl:schema:xsd:Order-2" '
    b'xmlns:b="urn:oasis:names:specification:ubl:schema:xsd:CommonBasicComponents-2">'
    b"<b:ID>4711</b:ID><b:IssueDate>2026-01-31</b:IssueDate></Order>"
)
CII = (
    b"<r:CrossIndustryInvoice "
    b'xmlns:r="urn:un:unece:uncefact:data:standard:CrossIndustryInvoice:100">'
    b"<r:ExchangedDocument><r:ID>1</r:ID></r:ExchangedDocument></r:CrossIndustryInvoice>"
)
ORDER_JSON = (
    b'{"order": {"po_number": "1", "lines": [{"po_line_number": "1", "quantity_ordered": "1"}]}}'
)
DOCUMENT_JSON = b'{"document_type": "invoice", "line_items": [{"quantity": {"value": "1"}}]}'
SEEDS = (ORDER_CSV, MAPPING, X12, UBL, CII, ORDER_JSON, DOCUMENT_JSON)
# What libraries stumble over, put where a value stands.
NASTY = (
    *(b"9" * 5000, b"1" * 400, b"2026-13-45", b"0000-00-00", b"0_", b"%Y%Y", b"\r", b"\x00"),
    *(b"x" * 140_000, b"[" * 3000, b"{" * 3000, b"<a>" * 3000, b"&a *a", b"\xff\xfe", b"1e999"),
    *(b"NaN", b"-0", b'"', b"~", b"*", b"!!int ''", b"!!timestamp x", b"\xed\xa0\x80"),
)


def _mapping(**changes: str) -> CsvMapping:
    columns = {"po_number": "no", "po_line_number": "line", "quantity_ordered": "qty"}
    layout = {"delimiter": ";", "decimal": ".", "columns": {**columns, "order_date": "day"}}
    return CsvMapping.model_validate({"order": {**layout, **changes}})


def _parsers(folder: Path) -> list[Callable[[bytes], object]]:
    def policy(content: bytes) -> object:
        path = folder / "policy.yaml"
        path.write_bytes(content)
        return load_policy(path)

    return [
        lambda content: read_order_data([("a file", content)], _mapping()),
        lambda content: read_documents(content, "a file", _mapping()),
        lambda content: parse_documents(content, "a file", _mapping()),
        lambda content: parse_order_data(content),
        documents_from_json,
        lambda content: read_mapping(content, "mapping"),
        policy,
    ]


def _try_all(content: bytes, folder: Path) -> None:
    for parse in _parsers(folder):
        try:
            parse(content)
        except (ExchangeError, OrderDataError, DocumentJsonError, PolicyError) as error:
            message = str(error)
            assert message
            assert len(message) <= MESSAGE_SIGNS


@st.composite
def _damaged(draw: st.DrawFn) -> bytes:
    """A good file with up to three cuts, doublings or nasty values."""
    content = draw(st.sampled_from(SEEDS))
    for _ in range(draw(st.integers(1, 3))):
        start = draw(st.integers(0, len(content)))
        end = min(len(content), start + draw(st.integers(0, 12)))
        piece = draw(st.one_of(st.sampled_from(NASTY), st.binary(max_size=6)))
        content = content[:start] + piece + content[end:]
    return content


@pytest.mark.parametrize("nasty", NASTY, ids=lambda nasty: repr(nasty[:12]))
@pytest.mark.parametrize("seed", SEEDS, ids=lambda seed: repr(seed[:8]))
def test_a_nasty_value_in_any_format_is_one_sentence(
    seed: bytes, nasty: bytes, tmp_path: Path
) -> None:
    for start in (len(seed) // 2, len(seed)):
        _try_all(seed[:start] + nasty + seed[start:], tmp_path)


@settings(max_examples=60, deadline=None, derandomize=True, database=None)
@given(content=_damaged())
def test_damaged_files_are_one_sentence(
    content: bytes, tmp_path_factory: pytest.TempPathFactory
) -> None:
    _try_all(content, tmp_path_factory.getbasetemp())


@pytest.mark.slow
@settings(
    max_examples=100_000,
    deadline=None,
    database=None,
    suppress_health_check=list(HealthCheck),
)
@given(content=_damaged())
def test_100_000_damaged_files_are_one_sentence(
    content: bytes, tmp_path_factory: pytest.TempPathFactory
) -> None:
    _try_all(content, tmp_path_factory.getbasetemp())


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"a: 2026-13-45", "month must be in 1..12"),
        (b"a: 0000-01-01", "year 0 is out of range"),
        (b"a: !!int ''", "not YAML"),
        (b"a: !!timestamp x", "not YAML"),
        (b"a: " + b"9" * 5000, "not YAML"),
        (b"[" * 30 + b"]" * 30, "nested more than 24 levels"),
        (b"[" * 100_000, "nested more than 24 levels"),
        (b"a: &a [*a]", "contains itself"),
        (b"\xff", "not YAML"),
        (b"a: '" + b"x" * MAX_YAML_BYTES + b"'", "the limit is"),
        (
            b"a: &a [x,x,x,x,x,x,x,x,x,x]\n"
            + b"".join(
                b"%c: &%c [%s]\n" % (sign, sign, b",".join([b"*%c" % (sign - 1)] * 10))
                for sign in range(ord("b"), ord("k"))
            ),
            "more than 20000 values",
        ),
    ],
    ids=lambda part: repr(part[:16]),
)
def test_yaml_is_bounded_before_a_value_is_built(content: bytes, reason: str) -> None:
    with pytest.raises(YamlError, match=reason) as caught:
        load_yaml(content)
    assert len(str(caught.value)) < 250


@pytest.mark.parametrize(
    ("content", "values"),
    [
        (b"", None),
        (b"a: 1", {"a": 1}),
        (b"a: &x {b: 1}\nc: *x", {"a": {"b": 1}, "c": {"b": 1}}),  # an alias is fine
        (b"[" * 24 + b"]" * 24, json.loads("[" * 24 + "]" * 24)),  # exactly at the limit
    ],
)
def test_plain_yaml_is_read(content: bytes, values: object) -> None:
    assert load_yaml(content) == values


@pytest.mark.parametrize(
    ("message", "signs", "wanted"),
    [
        ("short", 20, "short"),
        ("two\nlines", 20, "two lines"),
        ("a" * 20, 20, "a" * 20),
        ("a" * 21, 20, "a" * 10 + " ... " + "a" * 5),
    ],
)
def test_a_message_is_one_bounded_line(message: str, signs: int, wanted: str) -> None:
    assert shorten(message, signs) == wanted


def test_a_date_format_that_python_refuses_names_the_file() -> None:
    with pytest.raises(OrderDataError, match=r"order\.csv: cannot be read"):
        read_order_data([("order.csv", ORDER_CSV)], _mapping(date="%Y%Y"))
