"""Every room is found: folders in one order, few modules in each, no circles."""

from collections import defaultdict

import pytest

from tests.support.sources import (
    REPOSITORY,
    circles,
    folders_of,
    imported,
    module_graph,
    python_files,
    tracked_files,
)

# From the ground up: a module imports from its own room and from those above it in this table.
# A room is a folder; modules that lie beside folders which they use are rooms of their own.
ORDER = (
    "data",
    "data.values",
    "data.pages",
    "data.pages.second_engine",
    "data.pages.words",
    "data.pages.attachment_reader",
    "data.exchange.wire",
    "data.exchange.x12",
    "data.exchange.ubl",
    "data.exchange.csv_files",
    "data.exchange",
    "data.exchange.einvoice",
    "data.corpora",
    "data.corpora.labelling",
    "data.corpora.cord",
    "data.corpora.published",
    "data.corpora.planting",
    "data.synthesis.languages",
    "data.synthesis.commerce",
    "data.synthesis.layouts",
    "data.synthesis.compositions",
    "data.synthesis.layouts.documents",
    "data.synthesis.ocr_noise",
    "data.synthesis.paper",
    "data.synthesis.pages",
    "data.synthesis.ocr_fitting",
    "data.corpora.shards",
    "data.synthesis.inspection",
    "data.synthesis.stories.trade",
    "data.synthesis.stories.incidents",
    "data.synthesis.stories.papers",
    "data.synthesis.stories",
    "data.synthesis",
    "training.network",
    "training.decoding",
    "training.decoding.tables",
    "training.decoding.documents",
    "training.decoding.attachment_documents",
    "training.extractor",
    "training.baseline",
    "training.metrics",
    "training.report",
    "training.evaluation",
    "training.learning",
    "training.families",
    "training.train",
    "training.evaluate",
    "training.leave_out",
    "training.label",
    "training.calibrate",
    "serving.matching.findings",
    "serving.matching.rules",
    "serving.matching.ledger",
    "serving.matching.pairing",
    "serving.matching.line",
    "serving.matching.invoice",
    "serving.matching.evidence",
    "serving.matching",
    "serving.wire",
    "serving.client",
    "serving.verdict",
    "serving.presentation",
    "serving.store.migrations.versions",
    "serving.store",
    "serving.store.migrations",
    "serving.evidence",
    "serving.settings",
    "serving.telemetry",
    "serving.webhooks",
    "serving.service",
    "serving.web",
    "serving.desk",
    "serving.web.app",
    "serving.web.openapi",
    "serving.deployments",
    "serving.app",
    "serving.commands",
    "serving.scoring",
    "serving.benchmarks",
    "serving.benchmarks.load",
    "serving.evaluate",
    "serving.cli",
)
MOST_MODULES = 15
# One module a language, and one for each part that a layout is composed of.
LARGE_FOLDERS = {"data.synthesis.languages": 17, "data.synthesis.layouts": 16}
# Test folders and what they are about.
TEST_FOLDERS = {
    "house": "the repository itself: folders, imports, documents, language",
    "reading": "data.pages, data.values",
    "formats": "data.exchange, serving.wire",
    "corpora": "data.corpora",
    "synthesis": "data.synthesis",
    "model": "training.network, training.decoding, training.learning, training.baseline",
    "evaluation": "training.evaluation, families, metrics, report, serving.scoring",
    "matching": "serving.matching, serving.verdict, serving.presentation",
    "service": "the running service and its command line: serving.evidence, web, store",
    "faults": "what the service survives: slow tests",
    "support": "helpers of the tests",
}


def room(module: str) -> str:
    """The room a module lies in: itself where the table names it, else its folder."""
    return module if module in ORDER else module.rpartition(".")[0]


def test_every_folder_has_its_place_in_the_order() -> None:
    rooms = {room(module) for module in module_graph()}
    assert sorted(rooms - set(ORDER)) == []
    # Alembic's folder holds its `env` alone, and some rooms hold folders only.
    assert sorted(set(ORDER) - rooms) == []


def test_imports_go_down() -> None:
    place = {name: number for number, name in enumerate(ORDER)}
    wrong = [
        f"{module} imports {target}"
        for module, targets in module_graph().items()
        for target in sorted(targets)
        if place[room(target)] > place[room(module)]
    ]
    assert wrong == []


def test_there_are_no_circles_of_modules_or_rooms() -> None:
    graph = module_graph()
    rooms: defaultdict[str, set[str]] = defaultdict(set)
    for module, targets in graph.items():
        rooms[room(module)] |= {room(target) for target in targets} - {room(module)}
    assert circles(graph) == []
    assert circles(rooms) == []


@pytest.mark.parametrize(
    ("graph", "wanted"),
    [
        ({"a": ["b"], "b": ["c"], "c": []}, []),
        ({"a": ["b"], "b": ["a"]}, [["a", "b"]]),
        ({"a": ["b"], "b": ["c"], "c": ["a"], "d": ["a"]}, [["a", "b", "c"]]),
    ],
)
def test_what_counts_as_a_circle(graph: dict[str, list[str]], wanted: list[list[str]]) -> None:
    assert circles(graph) == wanted


def test_no_folder_is_crowded() -> None:
    sizes = {name: len(modules) for name, modules in folders_of(module_graph()).items()}
    crowded = {
        name: size for name, size in sizes.items() if size > LARGE_FOLDERS.get(name, MOST_MODULES)
    }
    assert crowded == {}
    assert {name for name in LARGE_FOLDERS if sizes[name] <= MOST_MODULES} == set()


def test_tests_lie_in_the_folder_of_their_subject() -> None:
    tests = REPOSITORY / "tests"
    inside = [path.relative_to(tests) for path in tracked_files() if tests in path.parents]
    folders = {path.parts[0] for path in inside if len(path.parts) > 1}
    assert folders == set(TEST_FOLDERS)
    named = [path for path in inside if path.name.startswith("test_")]
    helpers = [path for path in inside if path.parts[0] == "support"]
    assert len(named) > 100
    assert [str(path) for path in helpers if path in named] == []
    # Whole messages, one file a language, to read beside each other
    expected = [path for path in inside if path.parts[:2] == ("matching", "vendor_messages")]
    others = set(inside) - set(named) - set(helpers) - set(expected)
    assert {str(path) for path in others} == {"conftest.py"}


def test_tests_import_no_other_test() -> None:
    wrong = [
        f"{path.relative_to(REPOSITORY)}:{line} imports {target}"
        for path in python_files("tests")
        for target, line in imported(path)
        if target.startswith("tests.")
        and not target.startswith(("tests.support", "tests.conftest"))
    ]
    assert wrong == []
