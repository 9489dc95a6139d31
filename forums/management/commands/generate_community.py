from __future__ import annotations

import random
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import connection, transaction
from rich.progress import track

from community.lib.markdown import RENDERER_VERSION, render
from community.lib.progress import console
from forums.indexing import fill, words_of
from forums.maintenance import mend, walk
from forums.models import Topic, TopicGroup

POOL = 120
WORDS = (
    "the station reads every minute and writes to its log when battery is low signal drops export column value time zone sensor "
    "wrong after update firmware restart check filter chart alert window token request error timeout page cursor late duplicate "
    "winter rain wind roof cable socket reset color name list order join query table index key cache line number"
).split()


class Command(BaseCommand):
    help = "Create a synthetic community for benchmarks. The same seed creates the same community."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--threads", type=int, required=True)
        parser.add_argument(
            "--posts", type=int, required=True, help="number of posts, including the first posts of threads"
        )
        parser.add_argument("--members", type=int, required=True)
        parser.add_argument("--seed", type=int, default=1)

    def handle(self, *args: Any, **options: Any) -> None:
        threads, posts, members, seed = (options[name] for name in ("threads", "posts", "members", "seed"))
        if not 0 < threads <= posts or members < 1:
            raise CommandError("It takes at least one thread and member, and as many posts as threads.")
        values = {
            "threads": threads,
            "replies": posts - threads,
            "members": members,
            "seed": seed,
            "version": RENDERER_VERSION,
        }
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("SET LOCAL max_parallel_workers_per_gather = 0")
            cursor.execute("SELECT setseed(%s)", [(seed % 1000) / 1000])
            self._pool(cursor, seed)
            self._topics(cursor, seed)
            for sql in track(STEPS, "Writing", console=console(), disable=not console().is_terminal):
                cursor.execute(sql, values)
        for table, low, high in walk():
            mend(table, low, high)
        for _rows in fill():
            pass
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE")
        self.stdout.write(f"Wrote {threads:,} threads, {posts:,} posts and {members:,} members.")

    def _pool(self, cursor: Any, seed: int) -> None:
        chance = random.Random(seed)
        cursor.execute(
            "CREATE TEMP TABLE pool (i int PRIMARY KEY, body text, html text, words tsvector) ON COMMIT DROP"
        )
        for number in range(POOL):
            sentences = [
                " ".join(chance.choices(WORDS, k=chance.randint(6, 18))).capitalize() + "."
                for _ in range(chance.randint(3, 9))
            ]
            parts = [" ".join(sentences[:3]), " ".join(sentences[3:])]
            if number % 4 == 0:
                parts.insert(
                    1,
                    "```python\nfor reading in station.read(limit=20):\n    print(reading.value)  # one a line\n```",
                )
            if number % 7 == 0:
                parts.append("- " + "\n- ".join(sentences[:3]))
            body = "\n\n".join(part for part in parts if part)
            rendered = render(body)
            cursor.execute(
                "INSERT INTO pool VALUES (%s, %s, %s, to_tsvector('hearth', %s))",
                [number, body, rendered.html, words_of(rendered.html)],
            )

    def _topics(self, cursor: Any, seed: int) -> None:
        group, _made = TopicGroup.objects.get_or_create(
            slug="generated", defaults={"name": "Generated", "position": 99}
        )
        cursor.execute(
            "CREATE TEMP TABLE places (i int PRIMARY KEY, id bigint, is_question boolean) ON COMMIT DROP"
        )
        for number in range(8):
            topic, _made = Topic.objects.get_or_create(
                slug=f"generated-{number + 1}",
                defaults={
                    "group": group,
                    "name": f"Generated {number + 1}",
                    "solutions_enabled": number < 6,
                    "position": number,
                },
            )
            cursor.execute(
                "INSERT INTO places VALUES (%s, %s, %s)", [number, topic.pk, topic.solutions_enabled]
            )


# Half of all threads stand in the first topic; replies gather on few threads and come from few people, as
# they do.
STEPS = [
    """CREATE TEMP TABLE made_people ON COMMIT DROP AS WITH made AS (
         INSERT INTO profiles_profile (name, handle, role, avatar, tone, bio, bio_html, links, location, country, pronouns, company,
           company_role, pineapple_on_pizza, level, reputation, thread_count, reply_count, solution_count, read_all_before, is_bot,
           import_key, created_at)
         SELECT 'Member ' || i, 'g%(seed)s-' || i, 'member', '', i %% 6 + 1, '', '', '{}', '', '', '', '', '', 'private', 1, 0, 0, 0, 0, now(),
           false, 'generated:%(seed)s:person:' || i, now() - interval '900 days' FROM generate_series(1, %(members)s) i
         RETURNING id)
       SELECT row_number() OVER (ORDER BY id) - 1 AS i, id FROM made""",
    "CREATE UNIQUE INDEX ON made_people (i)",
    """CREATE TEMP TABLE made_threads ON COMMIT DROP AS WITH planned AS (
         SELECT i, floor(power(random(), 2) * 8)::int AS place, floor(power(random(), 2) * %(members)s)::int AS person,
           now() - interval '800 days' + (i::float8 / %(threads)s) * interval '799 days' AS at, floor(random() * 120)::int AS pool
         FROM generate_series(1, %(threads)s) i),
       made AS (
         INSERT INTO forums_thread (topic_id, author_id, subject, slug, tag_names, docs_page, created_at, is_question, reply_count,
           comment_count, helper_reply_count, vote_count, me_too_count, last_number, last_activity_at, hot_score, participant_ids, import_key)
         SELECT p.id, a.id, 'Generated question ' || t.i || ': ' || split_part(b.body, '.', 1), 'generated-%(seed)s-' || t.i, '{}', '',
           t.at, p.is_question, 0, 0, 0, 0, 0, 1, t.at, 0, ARRAY[a.id], 'generated:%(seed)s:thread:' || t.i
         FROM planned t JOIN places p ON p.i = t.place JOIN made_people a ON a.i = t.person JOIN pool b ON b.i = t.pool
         RETURNING id, author_id, created_at)
       SELECT row_number() OVER (ORDER BY id) - 1 AS i, id, author_id, created_at FROM made""",
    "CREATE UNIQUE INDEX ON made_threads (i)",
    """INSERT INTO forums_post (thread_id, number, author_id, body, body_format, body_html, renderer_version, created_at, vote_count,
         imported_score, is_comment, by_team)
       SELECT t.id, 1, t.author_id, b.body, 'md', b.html, %(version)s, t.created_at, t.i %% 7, t.i %% 7, false, false
       FROM made_threads t JOIN pool b ON b.i = t.i %% 120""",
    """INSERT INTO forums_post (thread_id, number, author_id, body, body_format, body_html, renderer_version, created_at, vote_count,
         imported_score, is_comment, by_team)
       SELECT t.id, row_number() OVER (PARTITION BY t.id ORDER BY r.n) + 1, a.id, b.body, 'md', b.html, %(version)s,
         least(now(), t.created_at + r.n * interval '0.4 seconds' + interval '30 minutes'), r.n %% 4, r.n %% 4, false, false
       FROM (SELECT n, floor(power(random(), 2) * %(threads)s)::int AS thread, floor(power(random(), 4) * %(members)s)::int AS person
             FROM generate_series(1, %(replies)s) n) r
       JOIN made_threads t ON t.i = r.thread JOIN made_people a ON a.i = r.person JOIN pool b ON b.i = r.n %% 120""",
    """UPDATE forums_thread t SET participant_ids = ARRAY[t.author_id] || ARRAY(
         SELECT author_id FROM (SELECT p.author_id, max(p.number) AS latest FROM forums_post p
           WHERE p.thread_id = t.id AND p.number > 1 AND p.author_id <> t.author_id GROUP BY p.author_id ORDER BY 2 DESC LIMIT 4) f)
       FROM made_threads m WHERE m.id = t.id""",
    """UPDATE forums_thread t SET solution_id = p.id, solved_at = p.created_at FROM made_threads m, forums_post p
       WHERE m.id = t.id AND p.thread_id = t.id AND p.number = 2 AND m.i %% 2 = 0 AND t.is_question""",
    """INSERT INTO forums_postindex (id, vector) SELECT p.id, b.words
       FROM made_threads m JOIN forums_post p ON p.thread_id = m.id JOIN pool b ON b.body = p.body""",
]
