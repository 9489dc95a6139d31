"""What the search field offers while somebody types: the best threads, people and tags, each with its
address.
"""

from __future__ import annotations

from forums.models import Thread
from forums.queries import search_names
from forums.queries.search import SearchQuery, parse, rank_threads

THREADS, PEOPLE, TAGS = 6, 2, 2
SHORTEST = 2


def offers(text: str) -> list[dict[str, str]]:
    """Return kind, label, detail and url of each."""
    text = text.strip()
    if len(text) < SHORTEST:
        return []
    query = parse(text)
    ids = [pk for _score, pk, _post in rank_threads(SearchQuery(text), query, query.all)[:THREADS]]
    listed = Thread.objects.listed().filter(pk__in=ids).values_list("pk", "subject", "topic__name", "slug")
    rows = {row[0]: row[1:] for row in listed}
    threads = [
        {"kind": "thread", "label": subject, "detail": topic, "url": f"/questions/{slug}/"}
        for subject, topic, slug in (rows[pk] for pk in ids if pk in rows)
    ]
    people = [
        {"kind": "person", "label": one.name, "detail": f"@{one.handle}", "url": one.get_absolute_url()}
        for one in search_names.people(text, limit=PEOPLE)
    ]
    tags = [
        {
            "kind": "tag",
            "label": f"#{one.name}",
            "detail": str(one.thread_count),
            "url": f"/questions/?tag={one.name}",
        }
        for one in search_names.tags(text, limit=TAGS)
    ]
    return [*threads, *people, *tags]
