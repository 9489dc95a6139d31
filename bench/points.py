"""What redeeming costs under load, and how long the proof of a ledger with a million entries takes."""

from __future__ import annotations

import http.client
import json
import os
import statistics
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from typing import Any

ENTRIES = int(os.environ.get("BENCH_ENTRIES", "300000"))
SECONDS = int(os.environ.get("BENCH_SECONDS", "3")) * 2
CLIENTS, MEMBERS, WALLETS = 8, 150, 2000

# Written past the triggers, which would take minutes; the proof that follows is what shows that it is a ledger.
FILL = """
SET LOCAL session_replication_role = replica;
CREATE TEMP TABLE new_wallet ON COMMIT DROP AS
    SELECT id, row_number() OVER (ORDER BY id) - 1 AS place FROM points_account WHERE kind = 'wallet';
WITH rows AS (
    SELECT w.id AS wallet, n, CASE WHEN n %% 7 = 0 THEN 'solution' ELSE 'reply' END AS kind
    FROM generate_series(1, %(count)s) n JOIN new_wallet w ON w.place = n %% (SELECT count(*) FROM new_wallet)
), booked AS (
    INSERT INTO points_transaction (kind, cause, wallet_id, amount, withheld, source_key, created_at)
    SELECT kind, 'bench:' || n, wallet, CASE kind WHEN 'reply' THEN 1 ELSE 5 END, 0, '', now() - (n || ' seconds')::interval
    FROM rows RETURNING id, wallet_id, amount, kind
)
INSERT INTO points_entry (transaction_id, account_id, amount)
SELECT id, side.account, side.amount FROM booked,
    LATERAL (VALUES (wallet_id, amount), (CASE kind WHEN 'reply' THEN -1 ELSE -2 END, -amount)) AS side (account, amount);
UPDATE points_account a SET balance = (SELECT coalesce(sum(amount), 0) FROM points_entry e WHERE e.account_id = a.id)
    WHERE kind = 'wallet';
UPDATE profiles_profile p SET reputation = (SELECT coalesce(sum(t.amount), 0) FROM points_transaction t
    JOIN points_account a ON a.id = t.wallet_id WHERE a.profile_id = p.id AND t.kind IN ('reply', 'solution', 'achievement'));
"""


def people() -> dict[int, str]:
    """Make members with keys and points, and a reward of each kind; return their keys."""
    from django.utils import timezone

    from points.actions.codes import generate_codes
    from points.actions.ledger import book
    from points.models import Gift, Kind, Reward
    from profiles.actions.accounts import create_member
    from profiles.actions.keys import create_api_key

    root = create_member("bench-root@example.com", first_name="Root", role="admin", verified=True)
    common = {"price": 1, "member_limit": None, "published_at": timezone.now()}
    Reward.objects.create(slug="bench-product", title="Product", stock=100_000, stocked=100_000, **common)
    credit = Reward.objects.create(slug="bench-credit", title="Credit", kind="credit", **common)
    for _each in range(2):
        generate_codes(root, credit, count=10_000)
    keys = {}
    for number in range(MEMBERS):
        who = create_member(f"bench-{number}@example.com", first_name=f"B{number}", verified=True)
        paid, _made = book(who.pk, Kind.GIFT, 100_000, cause=f"bench:gift:{number}", actor_id=root.pk)
        Gift.objects.create(giver=root, receiver=who, points=paid.amount, transaction=paid)
        keys[who.pk] = create_api_key(who.user, label="bench")[1]
    return keys


def redemptions(port: int) -> list[dict[str, Any]]:
    """Redeem by the API from CLIENTS at once; return the rate and the percentiles for each kind of reward."""
    keys = list(people().values())
    found = []
    for place, slug in enumerate(("bench-product", "bench-credit")):
        until = time.monotonic() + SECONDS
        with ThreadPoolExecutor(CLIENTS) as pool:
            share = len(keys) // CLIENTS
            runs = [
                pool.submit(_redeem, port, slug, keys[n * share : (n + 1) * share], until, f"{place}-{n}")
                for n in range(CLIENTS)
            ]
        times = sorted(one for run in runs for one in run.result())
        cuts = statistics.quantiles(times, n=100)
        found.append(
            {
                "what": f"redeem, {slug.removeprefix('bench-')}, {CLIENTS} at once", "rps": round(len(times) / SECONDS),
                "p50": round(cuts[49], 2), "p95": round(cuts[94], 2), "p99": round(cuts[98], 2),
            }
        )  # fmt: skip
    return found


def _redeem(port: int, slug: str, keys: list[str], until: float, mark: str) -> list[float]:
    """Return the milliseconds of each redemption. Every one is acknowledged, or the measurement ends."""
    times, number = [], 0
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
    while time.monotonic() < until:
        number += 1
        headers = {
            "Authorization": f"Bearer {keys[number % len(keys)]}", "Idempotency-Key": f"{mark}-{number}", "Host": "localhost",
            "Content-Type": "application/json",
        }  # fmt: skip
        start = time.perf_counter()
        connection.request("POST", f"/api/v1/rewards/{slug}/redeem/", body="{}", headers=headers)
        answer = connection.getresponse()
        body = answer.read()
        if answer.status != 201:
            raise SystemExit(f"redeeming was answered with {answer.status}: {json.loads(body)}")
        times.append((time.perf_counter() - start) * 1000)
    connection.close()
    return times


def proof() -> dict[str, Any]:
    """Fill the ledger to ENTRIES entries and return how long `verify_ledger` takes."""
    from django.db import connection, transaction

    from points.models import Account, AccountKind, Entry
    from profiles.models import Profile

    without = Profile.objects.filter(wallet=None).values_list("pk", flat=True)[:WALLETS]
    Account.objects.bulk_create([Account(kind=AccountKind.WALLET, profile_id=pk) for pk in without])
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(FILL, {"count": max(0, ENTRIES - Entry.objects.count()) // 2})
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE points_transaction, points_entry, points_account")
    start = time.perf_counter()
    out = subprocess.run(
        [sys.executable, "-m", "django", "verify_ledger"], check=True, capture_output=True, text=True
    ).stdout
    seconds = time.perf_counter() - start
    print(out.strip())
    return {"what": f"verify_ledger, {Entry.objects.count():,} entries, s", "p50": round(seconds, 2)}
