"""Reads CORD as published: parquet shards with images inside, or folders `image/` and `json/`.

This module finds the receipts; `receipt_truth` makes a document of each.
"""

from collections.abc import Iterator
from functools import partial
from itertools import islice
from pathlib import Path

from data.corpora.checked_json import read_bytes, read_form
from data.corpora.cord.receipt_truth import Receipt, make_document
from data.corpora.images import find_image
from data.corpora.truth import CorpusError, TrueDocument


def read_documents(path: Path) -> Iterator[TrueDocument]:
    """Yield the receipts of a parquet file, of all shards of a split, or of a folder of JSON files.

    `path` is a file, `FOLDER/train` for the shards `FOLDER/train-*.parquet`, a folder with the
    shards of one split, or one with `image/` and `json/`. Raises `CorpusError` naming file, receipt
    and field; for a folder with several splits, their names.
    """
    place_of: dict[str, str] = {}
    documents = _from_json(path) if (path / "json").is_dir() else _from_parquet(path)
    for place, document in documents:
        first_place = place_of.setdefault(document.document_id, place)
        if first_place != place:
            raise CorpusError(f"{place}: id {document.document_id!r} is already in {first_place}")
        yield document


def _from_json(folder: Path) -> Iterator[tuple[str, TrueDocument]]:
    for file in sorted((folder / "json").glob("*.json")):
        image = find_image([folder / "image"], file.stem, file)
        receipt = read_form(Receipt, read_bytes(file), str(file))
        yield str(file), make_document(receipt, file.stem, image, partial(read_bytes, image))


def _from_parquet(path: Path) -> Iterator[tuple[str, TrueDocument]]:
    from pyarrow import ArrowInvalid
    from pyarrow.parquet import ParquetFile

    for shard in _shards(path):
        try:
            table = ParquetFile(shard).iter_batches(batch_size=1, columns=["ground_truth"])
            rows = (batch.column(0)[0].as_py() for batch in table if batch.num_columns)
            for row, text in enumerate(rows):
                where = f"{shard} row {row}: ground_truth"
                receipt = read_form(Receipt, text or "", where)
                meta = receipt.meta
                known = meta.split is not None and meta.image_id is not None
                name = f"{meta.split}_{meta.image_id:04d}" if known else f"{shard.stem}_{row:04d}"
                yield where, make_document(receipt, name, None, partial(_stored_image, shard, row))
        except (ArrowInvalid, OSError) as error:
            raise CorpusError(f"{shard}: cannot be read as parquet: {error}") from error


def _shards(path: Path) -> list[Path]:
    if path.is_file():
        return [path]
    if not path.is_dir():
        if shards := sorted(path.parent.glob(f"{path.name}-*.parquet")):
            return shards
        raise CorpusError(f"{path}: want a parquet file, or a folder with such or with json/")
    shards = sorted(path.glob("*.parquet")) or sorted((path / "data").glob("*.parquet"))
    splits = sorted({shard.name.split("-")[0] for shard in shards})
    if len(splits) == 1:
        return shards
    names = ", ".join(splits) or "none"
    raise CorpusError(
        f"{path}: want json/ or the parquet shards of one split, found splits: {names}"
    )


def _stored_image(shard: Path, row: int) -> bytes:
    """The image file stored in that row of a shard."""
    from pyarrow.parquet import ParquetFile

    file = ParquetFile(shard)
    group = 0
    while row >= file.metadata.row_group(group).num_rows:
        row -= file.metadata.row_group(group).num_rows
        group += 1
    # Batch by batch: a row group holds a hundred images.
    batches = file.iter_batches(batch_size=1, row_groups=[group], columns=["image"])
    image = next(islice(batches, row, None)).column(0)[0].as_py()
    if not isinstance(image, dict) or not image.get("bytes"):
        raise CorpusError(f"{shard} row {row} of row group {group}: image: want bytes")
    return bytes(image["bytes"])
