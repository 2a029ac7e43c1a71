"""How much of a corpus can be labelled by projection: `python -m data.corpora.coverage DIR`.

Prints counts by group (default: the manifest key `layout`) as JSON.
"""

import argparse
import json
import sys
from collections import Counter
from pathlib import Path

from tqdm import tqdm

from data.corpora.folder import read_corpus
from data.corpora.projection import labelled_reading, project
from data.corpora.readings import DEFAULT_CACHE


def main(argv: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path, help="corpus folder")
    parser.add_argument("--cache", type=Path, default=DEFAULT_CACHE, help="kept readings")
    parser.add_argument("--group", default="layout", help="manifest key to count by")
    given = parser.parse_args(argv)
    counts: dict[str, Counter[str]] = {}
    documents = list(read_corpus(given.folder))
    for document in tqdm(documents, unit="document", disable=not sys.stderr.isatty()):
        pages = labelled_reading(document, given.cache)
        projection = project(document, pages)
        count = counts.setdefault(str(document.extra.get(given.group, "all")), Counter())
        count.update(documents=1, pages=len(pages), pages_kept=sum(projection.whole))
        count.update({f"{name} wanted": number for name, number in projection.wanted.items()})
        count.update({f"{name} found": number for name, number in projection.found.items()})
        for page in projection.pages:
            count.update(f"tag {tag}" for tag in page.tags)
    sys.stdout.write(json.dumps(counts, indent=2, sort_keys=True) + "\n")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
