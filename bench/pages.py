"""What pages and replies cost, over HTTP, against a bare Django project on the same server in the same seconds."""

from __future__ import annotations

import gzip
import http.client
import os
import re
import signal
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlencode

from bench import bare

PORT, PASSES, CONCURRENCY, ROTATION = 8765, 3, 8, 50
SECONDS = int(os.environ.get("BENCH_SECONDS", "3"))
REPLIES, AUTHORS = 120, 20
# wrk asks for the next path each time, so that no page profits from having been asked for just before.
ROTATE = """
local paths = {{ {paths} }}
local place = 0
request = function()
  place = place % #paths + 1
  return wrk.format("GET", paths[place])
end
"""


@contextmanager
def serving(module: str, url: str, **environment: str) -> Iterator[subprocess.Popen]:
    """Run a server in a process group of its own until it answers at `url`; end the group afterwards."""
    process = subprocess.Popen(
        [sys.executable, "-m", module], env={**os.environ, **environment}, start_new_session=True
    )
    try:
        for _try in range(150):
            time.sleep(0.2)
            try:
                urllib.request.urlopen(url, timeout=2)
                break
            except OSError:
                continue
        else:
            raise SystemExit(f"{module} did not start.")
        yield process
    finally:
        os.killpg(process.pid, signal.SIGTERM)
        process.wait(20)


def hearth(page_cache: int):  # type: ignore[no-untyped-def]
    return serving(
        "community.web", f"http://127.0.0.1:{PORT}/readyz", PAGE_CACHE_SECONDS=str(page_cache), PORT=str(PORT)
    )


def yardstick():  # type: ignore[no-untyped-def]
    return serving("bench.bare", f"http://127.0.0.1:{bare.PORT}/")


def wrk(port: int, paths: list[str], cookie: str = "") -> tuple[float, float, float]:
    """Ask for `paths` in rotation. Return requests a second, p50 and p99 in milliseconds."""
    with tempfile.NamedTemporaryFile("w", suffix=".lua") as script:
        script.write(ROTATE.format(paths=", ".join(f'"{path}"' for path in paths)))
        script.flush()
        headers = ["-H", f"Cookie: {cookie}"] if cookie else []
        command = ["wrk", "-t1", f"-c{CONCURRENCY}", f"-d{SECONDS}s", "--latency", "-s", script.name, *headers,
                   "-H", "Accept-Encoding: gzip", f"http://127.0.0.1:{port}"]  # fmt: skip
        out = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    if "Non-2xx" in out:
        raise SystemExit(f"{paths[0]} answered with errors:\n{out}")
    rate = float(re.search(r"Requests/sec:\s+([\d.]+)", out)[1])
    return rate, _ms(re.search(r"\n\s+50%\s+(\S+)", out)[1]), _ms(re.search(r"\n\s+99%\s+(\S+)", out)[1])


def _ms(text: str) -> float:
    number, unit = re.fullmatch(r"([\d.]+)(us|ms|s)", text).groups()
    return float(number) * {"us": 0.001, "ms": 1, "s": 1000}[unit]


def prepare() -> tuple[dict[str, list[str]], str]:
    """Return the paths to measure, each a rotation, and the cookie of a member who is known."""
    from django.test import Client

    from forums.models import Thread, Topic

    client = Client()
    client.force_login(known_member("bench@example.com"), backend="profiles.backends.ProfileBackend")
    topic = Topic.objects.order_by("-thread_count").first()
    threads = list(
        Thread.objects.listed().filter(reply_count__gte=20).order_by("reply_count", "pk")[:ROTATION]
    )
    assert topic is not None
    assert len(threads) == ROTATION, "the generated community has too few threads with 20 replies"
    paths = {
        "list": [f"/questions/topic/{topic.slug}/"],
        "list, last page": [f"/questions/topic/{topic.slug}/?last"],
        "home": ["/"],
        "thread": [f"/questions/{thread.slug}/" for thread in threads],
    }
    return paths, f"sessionid={client.cookies['sessionid'].value}"


def known_member(email: str):  # type: ignore[no-untyped-def]
    """Return the user of a member whom the limits for newcomers no longer concern."""
    from profiles.actions.accounts import create_member
    from profiles.models import Profile, User
    from profiles.models.profile import Trust

    user = (
        User.objects.filter(email=email).first()
        or create_member(email, first_name="Bench", verified=True).user
    )
    Profile.objects.filter(user=user).update(trust=Trust.KNOWN)
    return user


def statements(path: str, cookie: str = "") -> int:
    """Return how many statements a page asks the database, once warm."""
    from django.db import connection
    from django.test import Client
    from django.test.utils import CaptureQueriesContext

    client = Client(HTTP_HOST="localhost")
    if cookie:
        client.cookies["sessionid"] = cookie.partition("=")[2]
    client.get(path)
    with CaptureQueriesContext(connection) as captured:
        client.get(path)
    return len(captured)


def measure(label: str) -> list[dict]:
    """Return a row a page: rate, ratio to the bare project measured just before, percentiles, statements, bytes."""
    paths, cookie = prepare()
    rows: dict[str, dict] = {}
    with yardstick():
        for cache in (0, 60):
            with hearth(cache) as server:
                plan = [
                    (f"guest {name}, cache {'hot' if cache else 'off'}", of, "") for name, of in paths.items()
                ]
                if not cache:
                    plan += [(f"member {name}", of, cookie) for name, of in paths.items() if name != "home"]
                rows |= _passes(label, plan)
                if not cache:
                    for name, of, who in plan:
                        rows[name]["sql"] = statements(of[0], who)
                    for name in ("list", "thread"):
                        raw = urllib.request.urlopen(
                            f"http://127.0.0.1:{PORT}{paths[name][0]}", timeout=10
                        ).read()
                        rows[f"guest {name}, cache off"] |= {
                            "bytes": len(raw),
                            "gzip": len(gzip.compress(raw, 6)),
                        }
                    rows["memory"] = {"size": label, "what": "two web workers, PSS", "MB": pss(server.pid)}
    return list(rows.values())


def _passes(label: str, plan: list[tuple[str, list[str], str]]) -> dict[str, dict]:
    samples: dict[str, list] = {name: [] for name, _paths, _cookie in plan}
    for _pass in range(PASSES):
        for name, of, who in plan:
            base = wrk(bare.PORT, ["/"])[0]
            samples[name].append((wrk(PORT, of, who), base))
    rows = {}
    for name, taken in samples.items():
        p50, p99 = (statistics.median(one[0][place] for one in taken) for place in (1, 2))
        rows[name] = {
            "size": label, "what": name, "rps": round(statistics.median(one[0][0] for one in taken)),
            "bare": round(statistics.median(one[1] for one in taken)),
            "ratio": round(statistics.median(one[0][0] / one[1] for one in taken), 3),
            "p50": round(p50, 2), "p99": round(p99, 2),
        }  # fmt: skip
    return rows


def pss(group: int) -> int:
    """Return the proportional memory of a process group, in megabytes."""
    total = 0
    for folder in Path("/proc").iterdir():
        try:
            if folder.name.isdigit() and os.getpgid(int(folder.name)) == group:
                total += int(
                    re.search(r"^Pss:\s+(\d+)", (folder / "smaps_rollup").read_text(), re.MULTILINE)[1]
                )
        except (OSError, TypeError):
            continue
    return total // 1024


def replies() -> dict:
    """Return what a reply by the page's form costs, from the request to the answer, one after another, durable."""
    from django.db import connection
    from django.test import Client
    from django.test.utils import CaptureQueriesContext

    from forums.models import Thread

    slugs = list(Thread.objects.listed().order_by("pk").values_list("slug", flat=True)[:REPLIES])
    clients = []
    for number in range(AUTHORS):
        clients.append(Client(HTTP_HOST="localhost"))
        clients[-1].force_login(
            known_member(f"bench-author-{number}@example.com"), backend="profiles.backends.ProfileBackend"
        )
    times = []
    with hearth(0):
        connection_to = http.client.HTTPConnection("127.0.0.1", PORT, timeout=30)
        for number, slug in enumerate(slugs):
            cookie = f"sessionid={clients[number % AUTHORS].cookies['sessionid'].value}; csrftoken={'b' * 32}"
            body = urlencode(
                {
                    "body": f"A reply of ordinary length, number {number}. " * 12,
                    "csrfmiddlewaretoken": "b" * 32,
                }
            )
            headers = {
                "Cookie": cookie,
                "Host": "localhost",
                "Content-Type": "application/x-www-form-urlencoded",
            }
            start = time.perf_counter()
            connection_to.request("POST", f"/questions/{slug}/reply/", body=body, headers=headers)
            answer = connection_to.getresponse()
            answer.read()
            if answer.status != 302:
                raise SystemExit(f"replying was answered with {answer.status}")
            times.append((time.perf_counter() - start) * 1000)
        connection_to.close()
    with CaptureQueriesContext(connection) as captured:
        assert clients[0].post(f"/questions/{slugs[-1]}/reply/", {"body": "One more."}).status_code == 302
    cuts = statistics.quantiles(times, n=100)
    return {
        "what": "reply by POST",
        "p50": round(cuts[49], 2),
        "p95": round(cuts[94], 2),
        "sql": len(captured),
    }
