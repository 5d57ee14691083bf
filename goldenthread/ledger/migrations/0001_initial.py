import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
    ]

    operations = [
        migrations.CreateModel(
            name='Event',
            fields=[
                ('position', models.PositiveBigIntegerField(primary_key=True, serialize=False)),
                ('at', models.DateTimeField()),
                ('by', models.CharField(blank=True, max_length=20)),
                ('what', models.CharField(max_length=100)),
                ('about_kind', models.CharField(max_length=40)),
                ('about_id', models.CharField(max_length=40)),
                ('about_label', models.CharField(max_length=200)),
                ('digest', models.CharField(max_length=64)),
                ('previous', models.CharField(max_length=64)),
                ('hash', models.CharField(max_length=64)),
            ],
            options={
                'db_table': 'ledger_event',
                'indexes': [models.Index(fields=['about_kind', 'about_id', 'position'], name='event_about'), models.Index(fields=['by', 'position'], name='event_by'), models.Index(fields=['at'], name='event_at')],
                'constraints': [models.CheckConstraint(condition=models.Q(('position__gte', 1)), name='an_event_has_a_position_from_1')],
            },
        ),
        migrations.CreateModel(
            name='Read',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('at', models.DateTimeField()),
                ('by', models.CharField(blank=True, max_length=20)),
                ('about_kind', models.CharField(max_length=40)),
                ('about_id', models.CharField(max_length=40)),
                ('how', models.CharField(max_length=40)),
            ],
            options={
                'db_table': 'ledger_read',
                'indexes': [models.Index(fields=['about_kind', 'about_id', 'id'], name='read_about'), models.Index(fields=['by', 'id'], name='read_by')],
            },
        ),
        migrations.CreateModel(
            name='EventValues',
            fields=[
                ('event', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, primary_key=True, related_name='recorded', serialize=False, to='ledger.event')),
                ('salt', models.CharField(max_length=64)),
                ('values', models.TextField(null=True)),
                ('blanked_at', models.DateTimeField(null=True)),
            ],
            options={
                'db_table': 'ledger_event_values',
                'constraints': [models.CheckConstraint(condition=models.Q(models.Q(('blanked_at__isnull', True), ('values__isnull', False)), models.Q(('blanked_at__isnull', False), ('values__isnull', True)), _connector='OR'), name='values_are_kept_or_blanked')],
            },
        ),
    ]
