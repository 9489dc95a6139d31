from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("points", "0005_gifts_without_category")]

    operations = [
        migrations.RemoveConstraint(model_name="code", name="code_once"),
        migrations.AddConstraint(
            model_name="code", constraint=models.UniqueConstraint(fields=("fingerprint",), name="code_is_had_once")
        ),
        migrations.AddConstraint(
            model_name="reward",
            constraint=models.CheckConstraint(condition=models.Q(("cost__gte", 0)), name="reward_costs_us_nothing_or_more"),
        ),
    ]
