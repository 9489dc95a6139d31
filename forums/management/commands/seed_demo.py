from __future__ import annotations

import io
import random
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand
from django.db import transaction
from django.utils import timezone
from PIL import Image, ImageDraw

from forums import counters
from forums.actions.changing import locked
from forums.actions.posts import edit_post, post_reply
from forums.actions.solutions import mark_solution
from forums.actions.threads import ask
from forums.actions.uploads import save_upload
from forums.actions.votes import vote
from forums.demo import content
from forums.demo.chapters import CHAPTERS
from forums.demo.mail import choose_bells, let_mail_come_back, seed_past_notifications
from forums.demo.people import seed_teams
from forums.maintenance import mend, walk
from forums.models import DocsRule, Post, Thread, Topic, TopicGroup
from forums.queries.docs import place_of
from points.actions.achievements import award_everybody
from points.demo import seed_history
from profiles.actions.accounts import create_member
from profiles.actions.profiles import update_profile
from profiles.models import Profile, Team, TeamMembership

PASSWORD = "hearth demo"  # noqa: S105  (printed for everybody to see, in local mode only)


class Command(BaseCommand):
    help = "Create the demo community in an empty database (local mode only)."

    def handle(self, *args: Any, **options: Any) -> None:
        if Profile.objects.exists():
            self.stdout.write("There are people here already: nothing done.")
            return
        with transaction.atomic():
            Demo().fill()
        lines = [f"Demo accounts, all with the password “{PASSWORD}”:"]
        for key, (_first, _last, role, team, *_rest) in content.PEOPLE.items():
            lines.append(f"  {key}@example.com  {role}{f', team {team}' if team else ''}")
        self.stdout.write("\n".join(lines))
        # `manage.py up` says them again at every start.
        (settings.DATA_DIR / "demo-accounts.txt").write_text("\n".join(lines) + "\n", encoding="utf-8")


class Demo:
    """Writes the demo through the same actions as everybody, then spreads it over the past weeks."""

    def __init__(self) -> None:
        self.chance = random.Random(7)
        self.now = timezone.now()

    def fill(self) -> None:
        self._topics()
        self._people()
        seed_teams(self.people, PASSWORD)
        seed_history(self.people)
        choose_bells(self.people, self.topics)
        for row in content.THREADS:
            self._thread(*row)
        self._docs()
        self._long_thread(*content.LONG)
        award_everybody()
        for table, low, high in walk():
            mend(table, low, high)
        for fill in CHAPTERS:
            fill(self.people)
        seed_past_notifications(self.people, self.now)
        let_mail_come_back(self.people["ola"])

    def _topics(self) -> None:
        self.topics = {}
        for place, (name, slug, topics) in enumerate(content.TOPICS):
            group = TopicGroup.objects.create(name=name, slug=slug, position=place)
            for position, (topic, topic_slug, description, is_question) in enumerate(topics):
                self.topics[topic_slug] = Topic.objects.create(
                    group=group,
                    name=topic,
                    slug=topic_slug,
                    description=description,
                    solutions_enabled=is_question,
                    position=position,
                )

    def _people(self) -> None:
        teams = {
            slug: Team.objects.create(name=name, slug=slug, tagline=line)
            for name, slug, line in content.TEAMS
        }
        self.people: dict[str, Profile] = {}
        for key, (first, last, role, team, bio, place) in content.PEOPLE.items():
            profile = create_member(
                f"{key}@example.com",
                first_name=first,
                last_name=last,
                password=PASSWORD,
                role=role,
                verified=True,
            )
            update_profile(profile, profile, bio=bio, location=place)
            if team:
                TeamMembership.objects.create(team=teams[team], profile=profile)
                profile.team = teams[team]
                profile.save(update_fields=["team"])
            self.people[key] = profile

    def _thread(
        self,
        author: str,
        topic: str,
        subject: str,
        tags: list[str],
        body: str,
        replies: Any,
        solved: int | None,
        days: int,
        votes: int,
    ) -> None:
        writer = self.people[author]
        if "{picture}" in body:
            body = body.replace(
                "{picture}", f"![A mast on three legs]({save_upload(writer, _picture()).url})"
            )
        thread = ask(writer, topic=self.topics[topic], subject=subject, body=body, tags=tags)
        started = self.now - timedelta(
            days=days, hours=self.chance.randint(1, 20), minutes=self.chance.randint(0, 59)
        )
        posts = [post_reply(self.people[who], thread, body=words) for who, words in replies]
        if solved is not None:
            mark_solution(writer, posts[solved])
        opening = thread.posts.get(number=1)
        voters = [one for one in self.people.values() if one.pk != writer.pk]
        for voter in self.chance.sample(voters, min(votes, len(voters))):
            vote(voter, opening)
        for post in posts:
            for voter in self.chance.sample(voters, self.chance.randint(0, 4)):
                if voter.pk != post.author_id:
                    vote(voter, post)
        if subject.startswith("Humidity"):
            edit_post(writer, opening, body=body + "\n\nEdit: firmware 2.7.", reason="version added")
        if topic == "announcements":
            Thread.objects.filter(pk=thread.pk).update(pinned_at=self.now, pinned_by=writer)
        self._spread(thread, started)

    def _docs(self) -> None:
        """Rules and questions of the example docs site."""
        for prefix, topic, listed in content.DOCS_RULES:
            DocsRule.objects.create(
                prefix=prefix, topic=self.topics[topic], listed=listed, edit_template=content.DOCS_EDIT
            )
        for author, path, subject, body, replies, solved, days in content.DOCS_QUESTIONS:
            place = place_of(f"http://localhost:{settings.DOCS_PORT}{path}")
            thread = ask(
                self.people[author], topic=place.topic, subject=subject, body=body, page_only=not place.listed,
                docs_page=f"http://localhost:{settings.DOCS_PORT}{path}",
            )  # fmt: skip
            posts = [post_reply(self.people[who], thread, body=words) for who, words in replies]
            if solved is not None:
                mark_solution(self.people[author], posts[solved])
            self._spread(thread, self.now - timedelta(days=days))

    def _long_thread(
        self, author: str, topic: str, subject: str, tags: list[str], body: str, count: int, days: int
    ) -> None:
        members = list(self.people)
        replies = [
            (
                members[number % len(members)],
                f"{content.COLD[number % len(content.COLD)]} (winter {2001 + number})",
            )
            for number in range(count)
        ]
        self._thread(author, topic, subject, tags, body, replies, None, days, 10)

    def _spread(self, thread: Thread, started: datetime) -> None:
        """Date the thread and its posts as people would have written them."""
        moment = started
        for post in thread.posts.order_by("number"):
            Post.objects.filter(pk=post.pk).update(created_at=moment)
            moment = min(moment + timedelta(minutes=self.chance.randint(9, 260)), self.now)
        thread = locked(thread.pk)
        thread.created_at = started
        fields = counters.remeasure(thread)
        thread.save(update_fields=["created_at", *fields])


def _picture() -> bytes:
    image = Image.new("RGB", (960, 540), "#d8e4ea")
    draw = ImageDraw.Draw(image)
    draw.rectangle((0, 400, 960, 540), fill="#7f9a6a")
    for foot in (380, 480, 580):
        draw.line((480, 180, foot, 430), fill="#6b4a2f", width=12)
    draw.line((480, 60, 480, 200), fill="#555555", width=10)
    draw.ellipse((455, 40, 505, 90), fill="#c64a0d")
    out = io.BytesIO()
    image.save(out, "PNG")
    return out.getvalue()
