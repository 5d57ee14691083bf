import django.db.models.deletion
import goldenthread.ledger.ids
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('audits', '0005_holds_and_gates'),
        ('escalations', '0004_disputes'),
        ('frameworks', '0003_drafts'),
        ('people', '0001_initial'),
        ('people', '__first__'),
    ]

    operations = [
        migrations.CreateModel(
            name='PrivateConcern',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('public_id', models.CharField(default=goldenthread.ledger.ids.new_id, editable=False, max_length=20, unique=True)),
                ('concern', models.TextField()),
                ('raised_at', models.DateTimeField()),
                ('ended_at', models.DateTimeField(blank=True, null=True)),
                ('audit', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='audits.audit')),
                ('concerns', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('raised_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('unit', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='people.unit')),
                ('version', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='frameworks.version')),
            ],
            options={
                'constraints': [models.CheckConstraint(condition=models.Q(('raised_by', models.F('concerns')), _negated=True), name='a_private_concern_is_about_somebody_else')],
            },
        ),
        migrations.CreateModel(
            name='PrivateStage',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('number', models.PositiveSmallIntegerField(help_text='from 1, as in the framework')),
                ('role', models.CharField(max_length=80)),
                ('started_at', models.DateTimeField()),
                ('due_at', models.DateTimeField()),
                ('silent_at', models.DateTimeField(blank=True, null=True)),
                ('said', models.TextField(blank=True)),
                ('settled', models.BooleanField(default=False)),
                ('ended_at', models.DateTimeField(blank=True, null=True)),
                ('concern', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='stages', to='escalations.privateconcern')),
                ('ended_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('concern', 'number'), name='a_stage_of_a_private_concern_is_reached_once'), models.CheckConstraint(condition=models.Q(models.Q(('ended_by', None), ('said', ''), ('settled', False)), models.Q(('ended_at__isnull', False), ('ended_by__isnull', False), models.Q(('said', ''), _negated=True)), _connector='OR'), name='a_stage_of_a_private_concern_is_answered_or_silent')],
            },
        ),
    ]
