"""The committed description of the HTTP interface is that of the program."""

import json
from pathlib import Path

from serving.service.versions import tieout_version
from serving.web.openapi import openapi_document


def test_the_committed_description_is_the_programs(repository: Path) -> None:
    written = json.loads((repository / "serving" / "openapi.json").read_text(encoding="utf-8"))
    assert written == openapi_document(tieout_version()), (
        "the interface has changed; write it down: tieout openapi > serving/openapi.json"
    )


def test_every_route_says_what_its_errors_look_like() -> None:
    document = openapi_document("1")
    assert document["info"]["version"] == "1"
    for path, methods in document["paths"].items():
        if not path.startswith("/v1/") or path == "/v1/limits":
            continue
        for method, route in methods.items():
            errors = {status: said for status, said in route["responses"].items() if status >= "4"}
            assert "500" in errors, (method, path)
            for said in errors.values():
                assert "application/problem+json" in said["content"], (method, path)
