"""Give a numbered permalink to threads whose plain one leads elsewhere or tells of a private thread."""

from django.db import migrations
from django.db.models import Q

# The words that stood after /questions/ in the site's own addresses when this was written.
WORDS = (
    "ask", "drafts", "new", "pending", "post", "preview", "read", "similar", "suggest", "thread", "topic", "uploads",
)  # fmt: skip


def number_slugs(apps, schema_editor):
    Thread, ThreadSlug = apps.get_model("forums", "Thread"), apps.get_model("forums", "ThreadSlug")
    ThreadSlug.objects.filter(slug__in=WORDS).delete()
    wanted = Thread.objects.filter(Q(slug__in=WORDS) | Q(private_at__isnull=False)).order_by("pk")
    for thread in wanted.only("pk", "slug", "private_at").iterator():
        if thread.slug.endswith(f"-{thread.pk}"):
            continue
        old = thread.slug
        thread.slug = f"{old}-{thread.pk}"
        while Thread.objects.filter(slug=thread.slug).exists():
            thread.slug = f"{thread.slug}-{thread.pk}"
        thread.save(update_fields=["slug"])
        if old not in WORDS:
            ThreadSlug.objects.update_or_create(slug=old, defaults={"thread": thread})


class Migration(migrations.Migration):
    dependencies = [("forums", "0010_received_when")]

    operations = [migrations.RunPython(number_slugs, migrations.RunPython.noop)]
