"""What searching costs and finds, on whatever the database holds: `python -m bench.search latency|recall LABEL`.

Prints one JSON row a line. Recall counts how often the thread people linked or closed as a duplicate is among the first
eight that are offered while the same question is asked again.
"""

from __future__ import annotations

import json
import random
import statistics
import sys
import time
from collections.abc import Callable

QUERIES, SIMILAR = 300, 200
SEED = 3


def main(kind: str, label: str) -> None:
    import django

    django.setup()
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    for row in {"latency": latency, "recall": recall}[kind]():
        print(json.dumps({"size": label, **row}))


def latency() -> list[dict]:
    """Return how long whole answers take, from the request to the last byte, in this process."""
    from django.core.cache import cache
    from django.test import Client

    client = Client(HTTP_HOST="localhost")
    found = {}
    plan: list[tuple[str, list[Callable[[], object]]]] = [
        ("search page", [lambda words=words: client.get("/search/", {"q": words}) for words in _queries()]),
        (
            "search suggestions",
            [lambda words=words: client.get("/search/suggest/", {"q": words}) for words in _queries()],
        ),
        (
            "similar while asking",
            [lambda one=one: client.post("/questions/similar/", one) for one in _questions()],
        ),
    ]
    for name, calls in plan:
        calls[0]()
        times = []
        for call in calls:
            cache.clear()  # no limiter in the way
            start = time.perf_counter()
            answer = call()
            times.append((time.perf_counter() - start) * 1000)
            assert answer.status_code == 200  # type: ignore[attr-defined]
        times.sort()
        found[name] = {
            "what": name, "p50": round(statistics.median(times), 1), "p95": round(times[int(len(times) * 0.95)], 1),
            "p99": round(times[int(len(times) * 0.99)], 1),
        }  # fmt: skip
    return list(found.values())


def _subjects(count: int) -> list[str]:
    from forums.models import Thread

    ids = list(Thread.objects.listed().values_list("pk", flat=True))
    chosen = random.Random(SEED).sample(ids, min(count, len(ids)))
    return list(Thread.objects.filter(pk__in=chosen).order_by("pk").values_list("subject", flat=True))


def _queries() -> list[str]:
    """Return one to three neighbouring words of subjects, and some that very many threads hold."""
    dice = random.Random(SEED)
    subjects = [subject.split() for subject in _subjects(QUERIES)]
    queries = []
    for words in subjects:
        count = min(dice.choice([1, 2, 2, 3]), len(words))
        start = dice.randrange(len(words) - count + 1)
        queries.append(" ".join(words[start : start + count]))
    return queries


def _questions() -> list[dict[str, str]]:
    from community.lib.markdown import plain_text
    from forums.models import Post, Thread

    ids = list(Thread.objects.listed().values_list("pk", flat=True))
    chosen = random.Random(SEED).sample(ids, min(SIMILAR, len(ids)))
    posts = Post.objects.filter(thread__in=chosen, number=1).select_related("thread")
    return [
        {
            "subject": post.thread.subject,
            "body": plain_text(post.body_html)[:3000],
            "tags": " ".join(post.thread.tag_names),
        }
        for post in posts
    ]


def recall() -> list[dict]:
    """Return for how many links between questions the other one is offered, with the text and by the subject alone."""
    from community.lib.markdown import plain_text
    from forums.models import Post, Thread, ThreadReference
    from forums.queries.similar import SHOWN, similar

    links = ThreadReference.objects.filter(kind__in=("linked", "duplicate")).values_list(
        "post__thread_id", "thread_id"
    )
    hits = {"with text and tags": 0, "subject alone": 0}
    for source, target in links:
        thread = Thread.objects.get(pk=source)
        text = plain_text(Post.objects.get(thread=thread, number=1).body_html)
        for name, body, tags in (("with text and tags", text, thread.tag_names), ("subject alone", "", [])):
            offered = [
                one.id for one in similar(thread.subject, body, tags, limit=SHOWN + 1) if one.id != source
            ][:SHOWN]
            hits[name] += target in offered
    return [{"what": f"recall, {name}", "found": f"{count} of {len(links)}"} for name, count in hits.items()]


if __name__ == "__main__":
    main(*sys.argv[1:])
