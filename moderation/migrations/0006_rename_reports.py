"""Rename models and fields to the words of the pages. Tables and columns keep their names: the state changes, no row does."""

import django.db.models.deletion
from django.db import migrations, models


def foreign_key(to, kind=models.ForeignKey, **options):
    return kind(on_delete=django.db.models.deletion.CASCADE, to=f"moderation.{to}", **options)


def field(model, old, new, made):
    return [
        migrations.RenameField(model, old, new),
        migrations.AlterField(model, new, made),
    ]


def rule(**options):
    return models.CharField(max_length=12, db_column="clause", **options)


class Migration(migrations.Migration):
    dependencies = [("moderation", "0005_ended_sessions")]

    operations = [
        migrations.AlterModelTable("report", "moderation_report"),
        migrations.RenameModel("Report", "Complaint"),
        migrations.AlterModelTable("case", "moderation_case"),
        migrations.RenameModel("Case", "Report"),
        migrations.AlterModelTable("sealrequest", "moderation_sealrequest"),
        migrations.RenameModel("SealRequest", "RevealRequest"),
        migrations.SeparateDatabaseAndState(
            state_operations=[
                migrations.RemoveConstraint("reporter", "reporter_once"),
                migrations.RemoveIndex("complaint", "report_by_case"),
                *field("reporter", "report", "complaint", foreign_key(
                    "complaint", models.OneToOneField, primary_key=True, related_name="reporter", db_column="report_id",
                    serialize=False,
                )),
                *field("reporter", "case", "report", foreign_key("report", related_name="+", db_column="case_id")),
                *field("complaint", "case", "report", foreign_key("report", related_name="complaints", db_column="case_id")),
                *field("revealrequest", "case", "report", foreign_key(
                    "report", models.OneToOneField, related_name="reveal_request", db_column="case_id",
                )),
                migrations.RenameField("sanction", "case", "report"),
                migrations.AlterField("sanction", "report", models.ForeignKey(
                    blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name="+", db_column="case_id",
                    to="moderation.report",
                )),
                *(one for model in ("report", "complaint", "sanction") for one in field(model, "clause", "rule", rule())),
                migrations.AddConstraint("reporter", models.UniqueConstraint(
                    fields=("report", "profile"), name="reporter_once",
                )),
                migrations.AddIndex("complaint", models.Index(fields=["report", "id"], name="report_by_case")),
            ],
        ),
    ]  # fmt: skip
