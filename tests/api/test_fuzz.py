"""Requests generated from the schema, as a guest, a member and a moderator: no 5xx, and nothing that is not documented."""

import pytest
from django.core.signals import request_finished, request_started
from django.core.wsgi import get_wsgi_application
from django.db import close_old_connections, transaction
from django.utils import timezone
from hypothesis import HealthCheck, Phase, given, seed, settings
from rest_framework.settings import api_settings

from community.api.views import document
from points.actions.ledger import book
from points.actions.redemptions import redeem
from points.models import Kind, Reward
from profiles.actions.keys import create_api_key

EXAMPLES = 12


@pytest.fixture
def no_limits(monkeypatch):
    for scope in ("guest", "member", "write"):
        monkeypatch.setitem(api_settings.DEFAULT_THROTTLE_RATES, scope, "1000000/min")


@pytest.fixture
def one_connection():
    """A request through WSGI would close the connection that holds the test's transaction; Django's client does the same."""
    for signal in (request_started, request_finished):
        signal.disconnect(close_old_connections)
    yield
    for signal in (request_started, request_finished):
        signal.connect(close_old_connections)


@pytest.fixture
def operations():
    schemathesis = pytest.importorskip("schemathesis")
    schema = schemathesis.openapi.from_dict(document("en"))
    schema.app = get_wsgi_application()
    return [found.ok() for found in schema.get_all_operations()]


@pytest.fixture
def redemption(alice):
    """Alice has a kettle coming, and points for another."""
    kettle = Reward.objects.create(
        title="Kettle",
        slug="kettles",
        price=10,
        published_at=timezone.now(),
        needs_address=True,
        member_limit=None,
    )
    book(alice.pk, Kind.GIFT, 100, cause="gift:fuzz")
    return redeem(alice, kettle)


@pytest.mark.slow
@pytest.mark.parametrize("who", [None, "alice", "mo"])
def test_no_generated_request_breaks_anything(
    request, no_limits, one_connection, operations, thread, reply, redemption, who
):
    from schemathesis.checks import not_a_server_error
    from schemathesis.specs.openapi.checks import response_schema_conformance, status_code_conformance

    checks = [not_a_server_error, status_code_conformance, response_schema_conformance]
    profile = request.getfixturevalue(who) if who else None
    headers = {"Authorization": f"Bearer {create_api_key(profile.user, label='Fuzz')[1]}"} if profile else {}
    real = {
        "thread_id": thread.pk,
        "post_id": reply.pk,
        "profile_id": thread.author_id,
        "slug": "kettles",
        "key": "ask",
    }
    real["redemption_id"] = redemption.pk

    def send(case):
        case.path_parameters = {name: real.get(name, 999_999) for name in case.path_parameters or {}}
        with transaction.atomic():
            answer = case.call(headers=headers)
            transaction.set_rollback(True)
        case.validate_response(answer, checks=checks)

    assert len(operations) > 30
    for operation in operations:
        _run(operation, send)


def _run(operation, send):
    quick = settings(
        max_examples=EXAMPLES,
        database=None,
        deadline=None,
        phases=[Phase.explicit, Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    quick(seed(2026)(given(case=operation.as_strategy())(lambda case: send(case))))()
