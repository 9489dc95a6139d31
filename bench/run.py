"""Generate a community, start the server as in production, and measure what pages, replies and redemptions cost.

Prints a table and writes bench-results.json. BENCH_THREADS and BENCH_POSTS set the size (10,000 and 100,000);
BENCH_LARGE=1 measures again at ten times that. What lies in ../shared/data is imported to measure searching in it.
Requests go to this machine only.
"""

from __future__ import annotations

import gzip
import json
import os
import re
import shutil
import signal
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.request
from pathlib import Path
from urllib.parse import urlsplit

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
from bench import points  # noqa: E402 - found by the line above
from bench.digests import digests  # noqa: E402

PORT, PASSES, CONCURRENCY = 8765, 3, 8
SECONDS = int(os.environ.get("BENCH_SECONDS", "4"))
THREADS = int(os.environ.get("BENCH_THREADS", "10000"))
POSTS = int(os.environ.get("BENCH_POSTS", "100000"))


def setup(folder: Path) -> list:
    from community.stack import start_postgres, start_valkey

    postgres, valkey = start_postgres(folder / "postgres"), start_valkey(folder / "valkey")
    os.environ |= {
        "DATABASE_URL": postgres.url, "REDIS_URL": valkey.url, "HEARTH_DATA": str(folder / "data"), "HEARTH_LOCAL": "1",
        "SECRET_KEY": "measurements only " * 4, "DJANGO_SETTINGS_MODULE": "bench.settings", "PAGE_CACHE_SECONDS": "0",
        "LOG_LEVEL": "ERROR",
    }  # fmt: skip
    return [postgres, valkey]


def manage(*words: str, environment: dict[str, str] | None = None) -> None:
    subprocess.run([sys.executable, "-m", "django", *words], check=True, stdout=subprocess.DEVNULL, env=environment)


def serve(page_cache: int) -> subprocess.Popen:
    environment = {**os.environ, "PAGE_CACHE_SECONDS": str(page_cache), "PORT": str(PORT)}
    process = subprocess.Popen([sys.executable, "-m", "community.web"], env=environment, start_new_session=True)
    for _try in range(100):
        time.sleep(0.2)
        try:
            urllib.request.urlopen(f"http://127.0.0.1:{PORT}/readyz", timeout=2)
            return process
        except OSError:
            continue
    raise SystemExit("The server did not start.")


def wrk(path: str, cookie: str = "") -> tuple[float, float, float]:
    """Return requests a second, p50 and p99 in milliseconds."""
    headers = ["-H", f"Cookie: {cookie}"] if cookie else []
    command = [
        "wrk",
        "-t1",
        f"-c{CONCURRENCY}",
        f"-d{SECONDS}s",
        "--latency",
        *headers,
        "-H",
        "Accept-Encoding: gzip",
        f"http://127.0.0.1:{PORT}{path}",
    ]
    out = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    if "Non-2xx" in out:
        raise SystemExit(f"{path} answered with errors:\n{out}")
    rate = float(re.search(r"Requests/sec:\s+([\d.]+)", out)[1])
    return rate, _ms(re.search(r"\n\s+50%\s+(\S+)", out)[1]), _ms(re.search(r"\n\s+99%\s+(\S+)", out)[1])


def _ms(text: str) -> float:
    number, unit = re.fullmatch(r"([\d.]+)(us|ms|s)", text).groups()
    return float(number) * {"us": 0.001, "ms": 1, "s": 1000}[unit]


def prepare() -> tuple[dict[str, str], str]:
    """Return the paths to measure and a member's cookie."""
    import django

    django.setup()
    from django.test import Client

    from forums.models import Thread, Topic
    from forums.queries import lists
    from profiles.actions.accounts import create_member
    from profiles.models import User

    user = User.objects.filter(email="bench@example.com").first()
    if user is None:
        user = create_member("bench@example.com", first_name="Bench", verified=True).user
    client = Client()
    client.force_login(user, backend="profiles.backends.ProfileBackend")
    topic = Topic.objects.order_by("-thread_count").first()
    thread = Thread.objects.listed().filter(reply_count__gte=20).order_by("reply_count", "pk").first()
    assert topic is not None
    assert thread is not None
    assert lists.SORTS
    paths = {
        "list": f"/questions/topic/{topic.slug}/",
        "list, last page": f"/questions/topic/{topic.slug}/?last",
        "home": "/",
        "thread": f"/questions/{thread.slug}/",
    }
    return paths, f"sessionid={client.cookies['sessionid'].value}"


def queries(path: str, cookie: str = "") -> int:
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


def measure(label: str, paths: dict[str, str], cookie: str) -> list[dict]:
    rows: dict[str, dict] = {}
    for cache in (0, 60):
        server = serve(cache)
        try:
            plan = [(f"guest {name}, cache {'hot' if cache else 'off'}", path, "") for name, path in paths.items()]
            if not cache:
                plan += [(f"member {name}", path, cookie) for name, path in paths.items() if name != "home"]
            samples: dict[str, list] = {name: [] for name, _path, _cookie in plan}
            base = []
            for _pass in range(PASSES):
                for name, path, who in plan:
                    base.append(wrk("/bench/noop/")[0])
                    samples[name].append((wrk(path, who), base[-1]))
            for name, path, who in plan:
                rate = statistics.median(one[0][0] for one in samples[name])
                ratio = statistics.median(one[0][0] / one[1] for one in samples[name])
                p50, p99 = (statistics.median(one[0][place] for one in samples[name]) for place in (1, 2))
                rows[name] = {
                    "size": label,
                    "what": name,
                    "rps": round(rate),
                    "ratio": round(ratio, 3),
                    "p50": round(p50, 2),
                    "p99": round(p99, 2),
                }
                if not cache:
                    rows[name]["sql"] = queries(path, who)
            if not cache:
                for name in ("list", "thread"):
                    raw = urllib.request.urlopen(f"http://127.0.0.1:{PORT}{paths[name]}", timeout=10).read()
                    rows[f"guest {name}, cache off"] |= {"bytes": len(raw), "gzip": len(gzip.compress(raw, 6))}
                rows["memory"] = {"size": label, "what": "two web workers, PSS MB", "rps": pss(server.pid)}
        finally:
            os.killpg(server.pid, signal.SIGTERM)
            server.wait(20)
    return list(rows.values())


def pss(group: int) -> int:
    """Return the proportional memory of a process group, in megabytes."""
    total = 0
    for folder in Path("/proc").iterdir():
        try:
            if folder.name.isdigit() and os.getpgid(int(folder.name)) == group:
                total += int(re.search(r"^Pss:\s+(\d+)", (folder / "smaps_rollup").read_text(), re.MULTILINE)[1])
        except (OSError, TypeError):
            continue
    return total // 1024


DUMPS = (
    ("se-ai-2016", "import_stackexchange", "se-ai-2016", ("recall",)),
    ("Urho3D", "import_discourse", "discourse-urho3d-2022/urho3d-topics-json.tar.xz", ("latency",)),
)


def searching(postgres_url: str) -> list[dict]:
    """Import the real communities beside us, each into its own database, and measure searching in them."""
    import psycopg2

    rows: list[dict] = []
    data = Path(__file__).resolve().parent.parent.parent / "shared" / "data"
    for name, command, path, kinds in DUMPS:
        if not (data / path).exists():
            print(f"{name} is not beside the project: searching in it is not measured.")
            continue
        database = name.lower().replace("-", "_")
        connection = psycopg2.connect(postgres_url)
        connection.autocommit = True
        connection.cursor().execute(f"CREATE DATABASE {database}")
        connection.close()
        address = urlsplit(postgres_url)._replace(path=f"/{database}").geturl()
        environment = {**os.environ, "DATABASE_URL": address}
        manage("migrate", "--verbosity", "0", environment=environment)
        manage(command, str(data / path), environment=environment)
        rows += [row for kind in kinds for row in _search_rows(kind, name, environment)]
    return rows


def _search_rows(kind: str, label: str, environment: dict[str, str]) -> list[dict]:
    command = [sys.executable, "-m", "bench.search", kind, label]
    out = subprocess.run(command, env=environment, check=True, capture_output=True, text=True).stdout
    return [json.loads(line) for line in out.splitlines() if line.startswith("{")]


def replies() -> dict:
    """Return what a durable reply costs: milliseconds at the middle, and statements."""
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    from forums.actions.posts import post_reply
    from forums.models import Thread
    from profiles.models import User

    author, threads = User.objects.get(email="bench@example.com").profile, list(Thread.objects.listed()[:60])
    times = []
    for number, thread in enumerate(threads):
        start = time.perf_counter()
        post_reply(author, thread, body=f"A reply of ordinary length, the {number}th. " * 12)
        times.append((time.perf_counter() - start) * 1000)
    with CaptureQueriesContext(connection) as captured:
        post_reply(author, threads[0], body="One more.")
    return {
        "what": "reply, durable (action)",
        "p50": round(statistics.median(times), 2),
        "p99": round(max(times), 2),
        "sql": len(captured),
    }


def main() -> None:
    if shutil.which("wrk") is None:
        raise SystemExit("make bench needs wrk: apt-get install wrk")
    folder = Path(tempfile.mkdtemp(prefix="hearth-bench-"))
    services = setup(folder)
    results = []
    try:
        manage("migrate", "--verbosity", "0")
        manage("collectstatic", "--noinput", "--verbosity", "0")
        sizes = [(THREADS, POSTS), *([(THREADS * 9, POSTS * 9)] if os.environ.get("BENCH_LARGE") else [])]
        total = 0
        for number, (threads, posts) in enumerate(sizes, 1):
            manage(
                "generate_community", f"--threads={threads}", f"--posts={posts}", f"--members={threads // 5}", f"--seed={number}"
            )
            total += posts
            paths, cookie = prepare()
            results += measure(f"{total:,} posts", paths, cookie)
            results += _search_rows("latency", f"{total:,} posts", dict(os.environ))
        results += searching(services[0].url)
        results.append(replies())
        results += digests()
        server = serve(0)
        try:
            results += points.redemptions(PORT)
        finally:
            os.killpg(server.pid, signal.SIGTERM)
            server.wait(20)
        results.append(points.proof())
    finally:
        for service in reversed(services):
            service.stop()
        shutil.rmtree(folder, ignore_errors=True)
    columns = ("size", "what", "rps", "ratio", "p50", "p95", "p99", "sql", "bytes", "gzip", "found")
    print("  ".join(f"{name:>{32 if name == 'what' else 14 if name == 'size' else 8}}" for name in columns))
    for row in results:
        print("  ".join(f"{row.get(name, '')!s:>{32 if name == 'what' else 14 if name == 'size' else 8}}" for name in columns))
    Path("bench-results.json").write_text(json.dumps(results, indent=1) + "\n")


if __name__ == "__main__":
    main()
