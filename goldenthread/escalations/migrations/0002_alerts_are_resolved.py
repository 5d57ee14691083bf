"""An alert is answered at each of its stages, and resolved at one of them."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("escalations", "0001_initial")]

    operations = [
        migrations.RemoveConstraint("alert", "an_answered_alert_says_who_when_and_what"),
        migrations.RenameField("alert", "answered_at", "resolved_at"),
        migrations.RenameField("alert", "answered_by", "resolved_by"),
        migrations.AddConstraint(
            "alert",
            models.CheckConstraint(
                condition=models.Q(
                    models.Q(("outcome", ""), ("resolved_at", None), ("resolved_by", None)),
                    models.Q(
                        ("resolved_at__isnull", False),
                        ("resolved_by__isnull", False),
                        models.Q(("outcome", ""), _negated=True),
                    ),
                    _connector="OR",
                ),
                name="a_resolved_alert_says_who_when_and_what",
            ),
        ),
    ]
