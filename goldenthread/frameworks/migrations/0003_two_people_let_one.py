"""That one person may publish alone is asked for by one and agreed to by another."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
        ("frameworks", "0002_written_once"),
    ]

    operations = [
        migrations.AddField(
            model_name="publishing",
            name="one_asked_by",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="publishing",
            name="one_asked_at",
            field=models.DateTimeField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name="publishing",
            name="one_because",
            field=models.CharField(blank=True, max_length=500),
        ),
        migrations.AddConstraint(
            model_name="publishing",
            constraint=models.CheckConstraint(
                condition=models.Q(("one_asked_at", None), ("one_asked_by", None), ("one_because", ""))
                | (
                    models.Q(
                        ("one_asked_at__isnull", False), ("one_asked_by__isnull", False), ("two_people", True)
                    )
                    & models.Q(("one_because", ""), _negated=True)
                ),
                name="that_one_publishes_is_asked_of_two_with_a_reason",
            ),
        ),
    ]
