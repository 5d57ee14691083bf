"""Open tasks to sign a report about a person, or to send a copy of it, are not for that person."""

from django.db import migrations


def say_whom_they_are_not_for(apps, schema_editor):
    Task = apps.get_model("tasks", "Task")
    open_tasks = Task.objects.filter(finished_at=None, cancelled_at=None)
    for kind, model in (("report about a person", "FurtherReport"), ("copy", "Copy")):
        about = apps.get_model("governance", model).objects.filter(person__isnull=False)
        for public_id, person in about.values_list("public_id", "person").iterator():
            open_tasks.filter(about_kind=kind, about_id=public_id).update(not_for=person)


class Migration(migrations.Migration):
    dependencies = [
        ("governance", "0005_reports_about_people"),
        ("tasks", "0004_whom_a_task_is_not_for"),
    ]

    operations = [migrations.RunPython(say_whom_they_are_not_for, migrations.RunPython.noop)]
