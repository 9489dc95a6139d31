"""Docs pages: rules, moved pages, and threads that stand under their page only.

PostgreSQL cannot change what a stored generated column is made of, so `is_listed` and its indexes are made anew.
"""

from django.contrib.postgres.indexes import GinIndex
from django.db import migrations, models

INDEXES = [
    models.Index(fields=["-last_activity_at", "-id"], condition=models.Q(is_listed=True), name="thread_active"),
    models.Index(fields=["-created_at", "-id"], condition=models.Q(is_listed=True), name="thread_latest"),
    models.Index(fields=["-hot_score", "-id"], condition=models.Q(is_listed=True), name="thread_popular"),
    models.Index(fields=["topic", "-last_activity_at", "-id"], condition=models.Q(is_listed=True), name="thread_topic_active"),
    models.Index(fields=["topic", "-created_at", "-id"], condition=models.Q(is_listed=True), name="thread_topic_latest"),
    models.Index(fields=["topic", "-hot_score", "-id"], condition=models.Q(is_listed=True), name="thread_topic_popular"),
    models.Index(
        fields=["topic", "-last_activity_at", "-id"],
        condition=models.Q(is_listed=True, is_question=True, helper_reply_count=0),
        name="thread_unanswered",
    ),
    models.Index(
        fields=["topic", "-last_activity_at", "-id"],
        condition=models.Q(is_listed=True, is_question=True, solution=None),
        name="thread_unsolved",
    ),
    models.Index(
        fields=["topic", "-pinned_at"], condition=models.Q(is_listed=True, pinned_at__isnull=False), name="thread_pinned"
    ),
    GinIndex(fields=["tag_names"], condition=models.Q(is_listed=True), name="thread_tag_names"),
]
LISTED = models.Q(archived_at=None, hidden_at=None, deleted_at=None, merged_into=None, page_only=False)


class Migration(migrations.Migration):
    dependencies = [("forums", "0002_review_and_privacy")]

    operations = [
        *(migrations.RemoveIndex(model_name="thread", name=index.name) for index in INDEXES),
        migrations.RemoveField(model_name="thread", name="is_listed"),
        migrations.AddField(
            model_name="thread",
            name="page_only",
            field=models.BooleanField(
                db_default=False, default=False, editable=False, help_text="Stands under its docs page, not in the forum's lists."
            ),
        ),
        migrations.AddField(
            model_name="thread",
            name="is_listed",
            field=models.GeneratedField(
                db_persist=True,
                expression=models.Case(models.When(LISTED, then=True), default=False),
                output_field=models.BooleanField(),
            ),
        ),
        *(migrations.AddIndex(model_name="thread", index=index) for index in INDEXES),
    ]
