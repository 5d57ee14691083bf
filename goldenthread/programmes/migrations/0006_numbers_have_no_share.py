from django.db import migrations


def forget_share(apps, schema_editor):
    """Where a number was drawn, 100 stood as the share: it was none."""
    drawn = apps.get_model("programmes", "ReauditDraw").objects.using(schema_editor.connection.alias)
    drawn.exclude(number=None).update(share=None)


def put_it_back(apps, schema_editor):
    drawn = apps.get_model("programmes", "ReauditDraw").objects.using(schema_editor.connection.alias)
    drawn.exclude(number=None).update(share=100)


class Migration(migrations.Migration):

    dependencies = [
        ('programmes', '0005_a_share_or_a_number'),
    ]

    operations = [migrations.RunPython(forget_share, put_it_back)]
