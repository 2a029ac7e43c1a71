"""Synthetic documents as a stream or a Hugging Face dataset: made on demand, never on disk.

dataset = as_dataset(seed=1, documents=10_000)
next(iter(dataset))["pages"][0]["words"]   # ["Invoice", "No.", ...]
DataLoader(dataset, batch_size=8, num_workers=2, collate_fn=list)
"""

from collections.abc import Iterator, Sequence
from itertools import count, pairwise
from typing import TYPE_CHECKING, Any

import cv2

from data.records import GreyImage, LabelledPage
from data.synthesis.pages import labelled_pages

if TYPE_CHECKING:
    import datasets

SHARDS = 64


def stream_pages(
    seed: int, start: int = 0, step: int = 1, *, image: bool = False
) -> Iterator[tuple[LabelledPage, ...]]:
    """Yield the pages of document `start`, `start + step`, and so on without end.

    Worker w of n takes `stream_pages(seed, w, n)`: together they get the documents of
    `stream_pages(seed)`.
    """
    for index in count(start, step):
        yield labelled_pages(seed, index, image=image)


def as_dataset(
    seed: int, documents: int, *, image: bool = False, shards: int = SHARDS
) -> "datasets.IterableDataset":
    """Return documents 0 to `documents` - 1 of that seed as a Hugging Face stream, one a row.

    Columns (boxes are [left, top, right, bottom] in fractions of the page, origin top left):

    - `document_id`: "seed/index"; `document_type`: one of `labels.DOCUMENT_TYPES`
    - `pages`: list of {`number` from 0, `width` and `height` in points, `words_source`, `reason`
      (names the layout family), `words` [string], `boxes`, `tags` [one of `labels.TAGS`], `items`
      [int, -1 = of no item]}, and with `image` `image`, the grey page as a Pillow image

    The stream has `shards` parts (at most one a document), which torch's DataLoader shares out to
    its workers and `split_dataset_by_node` to ranks: every document comes once, whatever the
    number of workers, and without workers in order. The same document is the same everywhere.
    """
    import datasets

    if documents < 1 or shards < 1:
        raise ValueError(f"want at least 1 document and 1 shard, got {documents} and {shards}")
    parts = min(shards, documents)
    edges = [documents * place // parts for place in range(parts + 1)]
    ranges = [[low, high] for low, high in pairwise(edges)]
    return datasets.IterableDataset.from_generator(
        _rows,
        features=_features(image=image),
        gen_kwargs={"ranges": ranges, "seed": seed, "image": image},
    )


def _rows(ranges: Sequence[Sequence[int]], seed: int, image: bool) -> Iterator[dict[str, Any]]:
    for low, high in ranges:
        for index in range(low, high):
            pages = labelled_pages(seed, index, image=image)
            yield {
                "document_id": f"{seed}/{index}",
                "document_type": pages[0].document_type,
                "pages": [_page(page, image=image) for page in pages],
            }


def _page(labelled: LabelledPage, *, image: bool) -> dict[str, Any]:
    page = labelled.page
    values: dict[str, Any] = {
        "number": page.number,
        "width": page.width,
        "height": page.height,
        "words_source": page.words_source,
        "reason": page.reason,
        "words": [word.text for word in page.words],
        "boxes": [
            [box.left, box.top, box.right, box.bottom] for box in (word.box for word in page.words)
        ],
        "tags": list(labelled.tags),
        "items": list(labelled.items),
    }
    if image:
        values["image"] = None if page.image is None else {"bytes": _png(page.image), "path": None}
    return values


def _png(image: GreyImage) -> bytes:
    # The least compression: the bytes live only until the reader decodes them
    done, coded = cv2.imencode(".png", image, [cv2.IMWRITE_PNG_COMPRESSION, 1])
    if not done:
        raise ValueError(f"a page image of shape {image.shape} could not be written as PNG")
    return coded.tobytes()


def _features(*, image: bool) -> "datasets.Features":
    import datasets

    text, number = datasets.Value("string"), datasets.Value("int32")
    page = {
        "number": number,
        "width": datasets.Value("float64"),
        "height": datasets.Value("float64"),
        "words_source": text,
        "reason": text,
        "words": [text],
        "boxes": [datasets.Sequence(datasets.Value("float64"), length=4)],
        "tags": [datasets.Value("string")],
        "items": [number],
    }
    if image:
        page["image"] = datasets.Image()
    return datasets.Features({"document_id": text, "document_type": text, "pages": [page]})
