"""`/healthz` and `/readyz`, answered before hosts, redirects and sessions are looked at.

Under `community.web` granian itself answers `/healthz`, without a thread of ours.
"""

from __future__ import annotations

from collections.abc import Callable

from django.db import Error, connection
from django.db.migrations.executor import MigrationExecutor
from django.http import HttpRequest, HttpResponse, JsonResponse

from community.lib import valkey

GetResponse = Callable[[HttpRequest], HttpResponse]
_migrated = False


def middleware(get_response: GetResponse) -> GetResponse:
    """Answer the two health addresses; everything else goes on."""

    def handle(request: HttpRequest) -> HttpResponse:
        if request.path_info == "/healthz":
            return _uncached(JsonResponse({"status": "ok"}))
        if request.path_info == "/readyz":
            return _uncached(readyz())
        return get_response(request)

    return handle


def readyz() -> JsonResponse:
    """Answer 200 when the database answers and is migrated, else 503. The cache is reported, not required."""
    database = _database_state()
    ready = database == "ok"
    body = {"status": "ok" if ready else "unavailable", "database": database, "cache": _cache_state()}
    return JsonResponse(body, status=200 if ready else 503)


def _database_state() -> str:
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
        return "ok" if _is_migrated() else "migrations pending"
    except Error:
        return "unreachable"


def _is_migrated() -> bool:
    """Say whether every migration is applied; once true it stays so for this process, which asks no more."""
    global _migrated
    if not _migrated:
        executor = MigrationExecutor(connection)
        _migrated = not executor.migration_plan(executor.loader.graph.leaf_nodes())
    return _migrated


def _cache_state() -> str:
    if valkey.client() is None:
        return "not configured"
    return "ok" if valkey.ask(lambda server: bool(server.ping()), False) else "unreachable"


def _uncached(response: JsonResponse) -> JsonResponse:
    response["Cache-Control"] = "no-store"
    return response
