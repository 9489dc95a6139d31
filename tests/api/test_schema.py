"""The OpenAPI document and its page."""

import re

import pytest
from django.core.management import call_command
from django.urls import URLResolver, get_resolver
from jsonschema import Draft202012Validator

from community.api.views import document
from tests.api.test_access_table import TABLE


@pytest.fixture(scope="module")
def spec():
    return document("en")


def test_the_document_is_valid_and_raises_no_warning(tmp_path):
    call_command("spectacular", "--validate", "--fail-on-warn", "--file", str(tmp_path / "schema.yml"))


def test_every_default_fits_its_own_schema(spec):
    checked = [one for one in schemas(spec) if "default" in one]
    parts = {"components": spec["components"]}  # which their references name
    wrong = [one for one in checked if not Draft202012Validator({**one, **parts}).is_valid(one["default"])]
    assert checked and wrong == []


def schemas(node):
    """Every object of the document that may be a schema."""
    if isinstance(node, dict):
        yield node
        node = list(node.values())
    if isinstance(node, list):
        for one in node:
            yield from schemas(one)


def test_the_document_says_which_reads_take_no_key(spec):
    api = next(one for one in get_resolver().url_patterns if getattr(one, "namespace", None) == "api")
    places = {
        one.name: "/api/v1/" + re.sub(r"<(?:\w+:)?(\w+)>", r"{\1}", str(one.pattern)) for one in patterns(api)
    }
    for (name, method), (_body, expected) in TABLE.items():
        operation = spec["paths"].get(places[name], {}).get(method)
        if operation is not None:
            assert ({} in operation["security"]) == (expected[0] == 200), (name, method)


def patterns(resolver):
    for one in resolver.url_patterns:
        yield from patterns(one) if isinstance(one, URLResolver) else [one]


def test_the_document_says_where_the_api_is_and_how_it_is_used(spec, settings):
    assert [one["url"] for one in spec["servers"]] == [settings.SITE_URL]
    assert "Authorization: Bearer" in spec["info"]["description"]


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
