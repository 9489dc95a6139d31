from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand
from django.db.models import Max
from rich.progress import Progress

from community import pagecache
from community.lib.markdown import RENDERER_VERSION
from community.lib.progress import console
from forums import bodies, indexing
from forums.models import Post, Thread

BATCH = 200


class Command(BaseCommand):
    help = "Render posts again that were rendered by an older version. Continues where it was stopped."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--all", action="store_true", help="render all posts, whatever their version")

    def handle(self, *args: Any, **options: Any) -> None:
        wanted = Post.objects.filter(body_format="md")
        if not options["all"]:
            wanted = wanted.exclude(renderer_version=RENDERER_VERSION)
        last, done, refused = 0, 0, 0
        newest = wanted.aggregate(newest=Max("pk"))["newest"] or 0
        with Progress(console=console(), disable=not console().is_terminal) as bar:
            task = bar.add_task("Rendering", total=newest)
            while posts := list(
                wanted.filter(pk__gt=last, pk__lte=newest)
                .order_by("pk")
                .only("id", "body", "thread_id")[:BATCH]
            ):
                for post in posts:
                    try:
                        html = bodies.render_stored(post.body).html
                    except ValidationError as error:
                        refused += 1
                        self.stderr.write(f"Post {post.pk} stays as it was: {' '.join(error.messages)}")
                        continue
                    # Only the body that was rendered: an edit made meanwhile has its own HTML.
                    done += Post.objects.filter(pk=post.pk, body=post.body).update(
                        body_html=html, renderer_version=RENDERER_VERSION
                    )
                indexing.mend([post.pk for post in posts], [])
                slugs = Thread.objects.filter(pk__in={post.thread_id for post in posts}).values_list(
                    "slug", flat=True
                )
                pagecache.bump(*{pagecache.thread_part(slug) for slug in slugs})
                last = posts[-1].pk
                bar.update(task, completed=last)
        self.stdout.write(f"Rendered {done:,} posts; {refused:,} stay as they were.")
