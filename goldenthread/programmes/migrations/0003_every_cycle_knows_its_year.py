from django.db import migrations
from django.db.models.functions import ExtractYear


def fill(apps, schema_editor):
    """Until now every year began in January."""
    cycle = apps.get_model("programmes", "Cycle")
    cycle.objects.filter(year=None).update(year=ExtractYear("opens_on"))


class Migration(migrations.Migration):
    dependencies = [
        ("programmes", "0002_calendar_and_year_of_a_cycle"),
    ]

    operations = [migrations.RunPython(fill, migrations.RunPython.noop)]
