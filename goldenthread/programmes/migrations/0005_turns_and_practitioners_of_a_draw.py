import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("people", "0001_initial"),
        ("programmes", "0004_a_cycle_has_a_year"),
    ]

    operations = [
        migrations.AddField(
            model_name="frameentry",
            name="turn",
            field=models.CharField(
                blank=True,
                default="",
                help_text="where the case stands in an order that is not random",
                max_length=40,
            ),
            preserve_default=False,
        ),
        migrations.AddField(
            model_name="stratum",
            name="practitioner",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="people.person",
            ),
        ),
    ]
