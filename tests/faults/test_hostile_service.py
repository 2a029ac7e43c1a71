"""The whole corpus of hostile documents through one running service, which is well afterwards."""

import json
import os
from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path

import psutil
import pytest

from serving.benchmarks.hostile_report import PARTLY, READ, print_table, unknown_codes
from serving.benchmarks.hostile_service import ORDER, ServiceWatch, post_hostile
from serving.client import Client
from serving.commands.cluster import free_port, run_service
from serving.settings import ApplicationOptions, HttpOptions, ServiceFile, Settings
from tests.support.posted_disputes import scan
from tests.support.service_logs import session_logs

# A page that was begun is finished, and on a busy machine waits for its turn.
DOCUMENT_S = 240.0
MOST_TREE_BYTES = 8 * 2**30  # Ray and five replicas, and one document at its limits
MOST_LOG_BYTES = 64 * 1024


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    options = HttpOptions(port=free_port(), request_timeout_s=120)
    application = ApplicationOptions(args=Settings(authentication="none", drain_s=1))
    service = ServiceFile(http_options=options, applications=(application,))
    with run_service(service.with_storage_in(tmp_path_factory.mktemp("kept"))) as at:
        yield at


@pytest.mark.slow
@pytest.mark.serve
@pytest.mark.shared
def test_whole_corpus_through_the_service(
    address: str, shared: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    corpus = shared / "hostile"
    files = sorted(path for path in corpus.rglob("*") if path.is_file())
    seen = ServiceWatch(psutil.Process(), session_logs())
    out = Path(os.environ.get("TIEOUT_HOSTILE_REPORT", tmp_path / "hostile.jsonl"))
    good = tmp_path / "good.tif"
    good.write_bytes(scan(1))
    with Client(address) as client, out.open("w", encoding="utf-8") as lines:
        reports = []
        for path in files:
            reports.append(post_hostile(path, client, DOCUMENT_S, seen))
            lines.write(json.dumps(asdict(reports[-1])) + "\n")
        # It still reads what can be read.
        after = client.wait(client.submit(ORDER, [good]).dispute_id, DOCUMENT_S)
    with capsys.disabled():
        print_table(reports, (), corpus)
    assert len(reports) >= 248
    assert after.documents
    assert unknown_codes(reports) == set()
    assert max(one.seconds for one in reports) < DOCUMENT_S
    assert max(one.peak_bytes for one in reports) < MOST_TREE_BYTES
    assert max(one.message_bytes for one in reports) < MOST_LOG_BYTES
    # Nothing that could not be read agrees with the order, and nothing else does either.
    assert {one.verdict for one in reports if one.outcome in (READ, PARTLY)} <= {
        "needs_review",
        "insufficient_evidence",
        "pending_receipt",
        "discrepancy",
    }
    assert all(not one.verdict for one in reports if one.outcome not in (READ, PARTLY))
