"""Every route against its own description: Schemathesis asks, as it may and as it may not.

On both databases, which differ in what text they take.
"""

from collections.abc import Iterator
from dataclasses import dataclass

import httpx
import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from hypothesis.errors import Unsatisfiable
from schemathesis import Case, GenerationMode
from schemathesis.openapi import from_path
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from serving.settings import Settings
from serving.store.database import open_engine, upgrade
from serving.store.identity import Allowance
from serving.store.keys import KeyStore, NewKey
from serving.web.errors import PROBLEM_JSON
from tests.conftest import REPOSITORY, clear
from tests.support.fake_service import client_of, files, now, png, stores_in
from tests.support.http_server import listening

# Nothing that is asked here is to be refused for its number.
ROOMY = Settings(unfinished_jobs=10**6, wait_s=0)
ALLOWANCE = Allowance(requests_per_minute=10**6, pages_per_day=10**9, concurrent_jobs=10**6)
# The committed description, operation by operation.
OPERATIONS = {
    found.ok().label: found.ok()
    for found in from_path(REPOSITORY / "serving" / "openapi.json").get_all_operations()
}
# Schemathesis draws from `random` inside its strategies.
pytestmark = pytest.mark.filterwarnings("ignore::hypothesis.errors.HypothesisDeprecationWarning")
CONFORM = [response_schema_conformance, status_code_conformance, content_type_conformance]


@dataclass(frozen=True)
class Service:
    """A service with one worker; the key may do everything, `there` are ids that exist."""

    address: str
    key: dict[str, str]
    there: dict[str, str]


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def service(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Service]:
    engine = None
    if request.param == "postgresql":
        engine = open_engine(request.getfixturevalue("postgres_url"))
        upgrade(engine)
        clear(engine)
    stores = stores_in(tmp_path_factory.mktemp("service"), ROOMY, engine)
    keys = KeyStore(stores.jobs._engine, now, ALLOWANCE)
    _, secret = keys.create(NewKey("acme", "schemathesis"))
    head = {"Authorization": f"Bearer {secret}"}
    with (
        listening(client_of(stores, ROOMY, keys=keys).app) as address,  # type: ignore[arg-type]
        httpx.Client(base_url=address, headers=head) as client,
    ):
        posted = client.post("/v1/extractions", files=files(("a.png", png())))
        told = client.post("/v1/webhooks", json={"url": "https://receiver.example/"})
        there = {
            "extraction_id": posted.headers["location"].rpartition("/")[2],
            "webhook_id": told.json()["webhook_id"],
        }
        yield Service(address, head, there)
    stores.jobs._engine.dispose()


def ask(service: Service, label: str, mode: GenerationMode, examples: int) -> None:
    """Asks the operation so many times, and holds every answer against the description."""

    @settings(
        max_examples=examples,
        derandomize=True,
        deadline=None,
        database=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(OPERATIONS[label].as_strategy(generation_mode=mode), st.booleans())
    def answers(case: Case, there: bool) -> None:
        if there and case.method != "DELETE":
            case.path_parameters = {**(case.path_parameters or {}), **known(case)}
        answer = case.call_and_validate(
            base_url=service.address, headers=service.key, checks=CONFORM
        )
        assert answer.status_code < 500 or answer.status_code == 503, answer.text
        if answer.status_code >= 400 and case.path != "/readyz":
            assert answer.headers["content-type"] == [PROBLEM_JSON]

    def known(case: Case) -> dict[str, str]:
        return {
            name: service.there[name]
            for name in case.path_parameters or {}
            if name in service.there
        }

    try:
        answers()
    except Unsatisfiable:  # without a parameter nothing can be asked wrongly
        assert mode is GenerationMode.NEGATIVE
        assert label in ("GET /healthz", "GET /readyz")


@pytest.mark.parametrize("label", OPERATIONS)
def test_answers_are_as_described(service: Service, label: str) -> None:
    for mode in (GenerationMode.POSITIVE, GenerationMode.NEGATIVE):
        ask(service, label, mode, 4)


@pytest.mark.slow
@pytest.mark.parametrize("mode", list(GenerationMode))
@pytest.mark.parametrize("label", OPERATIONS)
def test_many_answers_are_as_described(service: Service, label: str, mode: GenerationMode) -> None:
    ask(service, label, mode, 100)
