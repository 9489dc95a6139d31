"""Generate a community, start the server as in production, and measure what it costs: `make bench`, within ten minutes.

`make bench ARGS="pages mail"` measures some of it: pages, search, mail, points. Prints a table, then each figure that has
a target beside what it must reach, and writes bench-results.json. BENCH_THREADS and BENCH_POSTS set the size (10,000 and
100,000); BENCH_LARGE=1 measures pages again at ten times that. What lies in ../shared/data is imported to measure
searching in it. Requests go to this machine only.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from urllib.parse import urlsplit

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
from bench import pages, points  # noqa: E402 - found by the line above
from bench.digests import digests  # noqa: E402
from bench.targets import judged  # noqa: E402

THREADS = int(os.environ.get("BENCH_THREADS", "10000"))
POSTS = int(os.environ.get("BENCH_POSTS", "100000"))
COLUMNS = ("size", "what", "rps", "bare", "ratio", "p50", "p95", "p99", "sql", "bytes", "gzip", "MB", "found")


def setup(folder: Path) -> list:
    from community.local.postgres import start_postgres
    from community.local.valkey import start_valkey

    postgres, valkey = start_postgres(folder / "postgres"), start_valkey(folder / "valkey")
    os.environ |= {
        "DATABASE_URL": postgres.administrator_url, "REDIS_URL": valkey.url,
        "HEARTH_DATA": str(folder / "data"), "HEARTH_LOCAL": "1",
        "SECRET_KEY": "measurements only " * 4, "DJANGO_SETTINGS_MODULE": "community.settings", "PAGE_CACHE_SECONDS": "0",
        "LOG_LEVEL": "ERROR",
    }  # fmt: skip
    return [postgres, valkey]


def manage(*words: str, environment: dict[str, str] | None = None) -> None:
    subprocess.run(
        [sys.executable, "-m", "django", *words], check=True, stdout=subprocess.DEVNULL, env=environment
    )


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


def generate(number: int, threads: int, posts: int) -> None:
    manage(
        "generate_community",
        f"--threads={threads}",
        f"--posts={posts}",
        f"--members={threads // 5}",
        f"--seed={number}",
    )


def measure_pages(postgres_url: str) -> list[dict]:
    rows = [*pages.measure(f"{POSTS:,} posts"), pages.replies()]
    if os.environ.get("BENCH_LARGE"):
        generate(2, THREADS * 9, POSTS * 9)
        rows += pages.measure(f"{POSTS * 10:,} posts")
    return rows


def measure_search(postgres_url: str) -> list[dict]:
    return _search_rows("latency", "generated", dict(os.environ)) + searching(postgres_url)


def measure_mail(postgres_url: str) -> list[dict]:
    return digests()


def measure_points(postgres_url: str) -> list[dict]:
    with pages.hearth(0):
        rows = points.redemptions(pages.PORT)
    return [*rows, points.proof()]


PARTS = {"pages": measure_pages, "search": measure_search, "mail": measure_mail, "points": measure_points}


def main() -> None:
    chosen = sys.argv[1:] or list(PARTS)
    if unknown := set(chosen) - set(PARTS):
        raise SystemExit(f"Choose from {', '.join(PARTS)}; not {', '.join(sorted(unknown))}.")
    if shutil.which("wrk") is None:
        raise SystemExit("make bench needs wrk: apt-get install wrk")
    folder = Path(tempfile.mkdtemp(prefix="hearth-bench-"))
    services = setup(folder)
    results = []
    try:
        manage("migrate", "--verbosity", "0")
        manage("collectstatic", "--noinput", "--verbosity", "0")
        import django

        django.setup()
        generate(1, THREADS, POSTS)
        for name in chosen:
            start = time.monotonic()
            results += PARTS[name](services[0].url)
            print(f"{name}: {time.monotonic() - start:.0f} s", flush=True)
    finally:
        for service in reversed(services):
            service.stop()
        shutil.rmtree(folder, ignore_errors=True)
    report(results)


def report(results: list[dict]) -> None:
    columns = [name for name in COLUMNS if any(name in row for row in results)]
    widths = {name: max(len(name), *(len(str(row.get(name, ""))) for row in results)) for name in columns}
    for row in ({name: name for name in columns}, *results):
        print("  ".join(f"{row.get(name, '')!s:>{widths[name]}}" for name in columns))
    print()
    for row in results:
        for phrase in judged(row):
            print(f"{row['what']}: {phrase}")
    Path("bench-results.json").write_text(json.dumps(results, indent=1) + "\n")


if __name__ == "__main__":
    main()
