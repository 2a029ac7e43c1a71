"""The deployments without Ray: what a batch costs, which replicas are asked for."""

import pytest
from pydantic import ValidationError

from data.pages.attachments import DEFAULT_LIMITS
from data.records import Box, Page, Word
from serving.deployments.model import batch_words
from serving.deployments.reading import page_budget_s
from serving.service.doctor import native_parts, native_versions
from serving.settings import MAX_PAGE_WORDS, Scaling, Settings


def page(words: int) -> Page:
    word = Word("x", Box(0, 0, 1, 1))
    return Page(0, 595.0, 842.0, (word,) * words, "text", "as given")


@pytest.mark.parametrize(
    ("words", "cost"),
    [
        ([10], 10),
        ([10, 10], 20),
        ([10, 300], 600),  # the short page is padded to the long one
        ([0], 1),
        ([0, 0, 0], 3),
        ([MAX_PAGE_WORDS + 5000], MAX_PAGE_WORDS),  # the model does not see the rest
    ],
)
def test_a_batch_costs_its_padded_words(words: list[int], cost: int) -> None:
    assert batch_words([page(count) for count in words]) == cost


def test_any_page_fits_a_batch_alone() -> None:
    """Serve fails an item that is larger than a whole batch."""
    settings = Settings(model_batch_words=MAX_PAGE_WORDS)
    assert batch_words([page(100_000)]) <= settings.model_batch_words
    with pytest.raises(ValidationError, match="greater than or equal to 2000"):
        Settings(model_batch_words=MAX_PAGE_WORDS - 1)


def test_a_page_may_take_as_long_as_its_steps() -> None:
    limits = DEFAULT_LIMITS
    assert page_budget_s(limits) > (
        limits.inspect_timeout_s + limits.render_timeout_s + limits.ocr_timeout_s
    )


@pytest.mark.parametrize(
    ("replicas", "message"),
    [
        (0, "greater than or equal to 1"),
        ({"least": 2, "most": 1}, "must not exceed most"),
        ({"most": 2, "ongoing": 0}, "greater than 0"),
        ({"min": 1, "most": 2}, "Extra inputs"),
    ],
)
def test_replicas_that_cannot_be_are_refused(replicas: object, message: str) -> None:
    with pytest.raises(ValidationError, match=message):
        Settings.model_validate({"reading_replicas": replicas})


def test_replicas_are_a_number_or_bounds() -> None:
    assert Settings.model_validate({"reading_replicas": 3}).reading_replicas == 3
    scaling = Settings.model_validate({"reading_replicas": {"most": 4}}).reading_replicas
    assert scaling == Scaling(least=1, most=4)


def test_results_name_the_programs_that_read() -> None:
    parts = dict(part.split("/") for part in native_versions().split())
    assert list(parts) == ["tesseract", "leptonica", "libtiff", "poppler"]
    assert all(version[0].isdigit() for version in parts.values())
    shown = {part.name: part.detail for part in native_parts()}
    assert parts["tesseract"] in shown["tesseract"]
    assert parts["libtiff"] in shown["libtiff"]
