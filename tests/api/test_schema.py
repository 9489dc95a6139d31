"""The OpenAPI document and its page."""

import pytest
from django.core.management import call_command

from community.api.views import document


@pytest.fixture(scope="module")
def spec():
    return document("en")


def test_the_document_is_valid_and_raises_no_warning(tmp_path):
    call_command("spectacular", "--validate", "--fail-on-warn", "--file", str(tmp_path / "schema.yml"))


def test_everybody_reads_the_document(guest, db):
    answer = guest.get("/api/v1/schema/")
    assert answer.status_code == 200
    assert answer.json()["openapi"] == "3.1.1"
    assert guest.get("/api/v1/schema/?format=yaml").status_code == 200


def test_every_operation_says_what_it_is_and_how_it_refuses(spec):
    for path, methods in spec["paths"].items():
        for method, operation in methods.items():
            assert operation["summary"], (method, path)
            assert {"400", "401", "403", "429"} <= set(operation["responses"]), (method, path)
            assert operation["tags"] != ["other"], (method, path)
            assert "422" not in operation["responses"]


def test_creating_posts_take_an_idempotency_key(spec):
    for path in ("/api/v1/threads/", "/api/v1/threads/{thread_id}/posts/", "/api/v1/uploads/"):
        assert "Idempotency-Key" in [one["name"] for one in spec["paths"][path]["post"]["parameters"]]


def test_the_docs_page_is_for_people_and_has_no_inline_script_or_style(guest, db):
    answer = guest.get("/api/v1/docs/")
    page = answer.content.decode()
    assert answer.status_code == 200
    assert "Mark a reply as the solution" in page
    assert "<style" not in page and " style=" not in page and "onclick" not in page
