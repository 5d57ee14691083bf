import django.db.models.deletion
import goldenthread.ledger.ids
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('audits', '0005_holds_and_gates'),
        ('escalations', '0003_stages'),
        ('frameworks', '0003_drafts'),
        ('people', '0001_initial'),
        ('people', '__first__'),
        ('tasks', '0002_reminders'),
    ]

    operations = [
        migrations.CreateModel(
            name='Dispute',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('public_id', models.CharField(default=goldenthread.ledger.ids.new_id, editable=False, max_length=20, unique=True)),
                ('raised_at', models.DateTimeField()),
                ('outcome', models.CharField(blank=True, choices=[('stands', 'everything stands'), ('changed', 'grades changed'), ('amended', 'report amended'), ('referred outside', 'referred outside the organisation'), ('withdrawn', 'withdrawn')], max_length=20)),
                ('ended_at', models.DateTimeField(blank=True, null=True)),
                ('because', models.TextField(blank=True, help_text='why it was withdrawn')),
                ('audit', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='disputes', to='audits.audit')),
                ('ended_by', models.ForeignKey(blank=True, help_text='none where silence ended it', null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('raised_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('unit', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='people.unit')),
                ('version', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='frameworks.version')),
            ],
            options={
                'indexes': [models.Index(fields=['unit', 'raised_at'], name='disputes_of_a_unit')],
                'constraints': [models.CheckConstraint(condition=models.Q(models.Q(('ended_at', None), ('ended_by', None), ('outcome', '')), models.Q(('ended_at__isnull', False), models.Q(('outcome', ''), _negated=True)), _connector='OR'), name='a_dispute_that_ended_says_how'), models.UniqueConstraint(condition=models.Q(('outcome', 'withdrawn'), _negated=True), fields=('audit', 'raised_by'), name='a_person_disputes_an_audit_once')],
            },
        ),
        migrations.CreateModel(
            name='DisputePoint',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('number', models.PositiveSmallIntegerField(help_text='from 1')),
                ('about', models.CharField(help_text='overall, domains, facts or recommendations', max_length=20)),
                ('part', models.CharField(blank=True, help_text='the key of the domain, or overall', max_length=80)),
                ('reasons', models.TextField()),
                ('evidence', models.TextField(blank=True)),
                ('dispute', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='points', to='escalations.dispute')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('dispute', 'number'), name='points_of_a_dispute_are_numbered'), models.CheckConstraint(condition=models.Q(('reasons', ''), _negated=True), name='a_disputed_point_has_reasons')],
            },
        ),
        migrations.CreateModel(
            name='DisputeStage',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('number', models.PositiveSmallIntegerField(help_text='from 1, as in the framework')),
                ('role', models.CharField(help_text='the role asked, by its name in the framework', max_length=80)),
                ('started_at', models.DateTimeField()),
                ('silent_at', models.DateTimeField(blank=True, null=True)),
                ('met_on', models.DateField(blank=True, null=True)),
                ('attended', models.CharField(blank=True, max_length=300)),
                ('discussed', models.TextField(blank=True)),
                ('outcome', models.CharField(blank=True, choices=[('stands', 'everything stands'), ('changed', 'grades changed'), ('amended', 'report amended'), ('passed up', 'passed to the next stage'), ('referred outside', 'referred outside the organisation'), ('no answer', 'no answer in time')], max_length=20)),
                ('said', models.TextField(blank=True, help_text='the written answer')),
                ('amended', models.TextField(blank=True, help_text='what the report now says otherwise')),
                ('decided_at', models.DateTimeField(blank=True, null=True)),
                ('replied', models.TextField(blank=True, help_text='why the raiser takes it further')),
                ('ended_at', models.DateTimeField(blank=True, null=True)),
                ('decided_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('dispute', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='stages', to='escalations.dispute')),
                ('met_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('task', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='tasks.task')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('dispute', 'number'), name='a_stage_of_a_dispute_is_reached_once'), models.UniqueConstraint(condition=models.Q(('ended_at', None)), fields=('dispute',), name='a_dispute_stands_at_one_stage'), models.CheckConstraint(condition=models.Q(models.Q(('decided_at', None), ('decided_by', None), ('outcome', ''), ('said', '')), models.Q(('decided_by', None), ('ended_at__isnull', False), ('outcome', 'no answer'), ('said', '')), models.Q(('decided_at__isnull', False), ('decided_by__isnull', False), models.Q(('outcome__in', ['', 'no answer']), _negated=True), models.Q(('said', ''), _negated=True)), _connector='OR'), name='a_stage_of_a_dispute_is_answered_or_silent'), models.CheckConstraint(condition=models.Q(models.Q(('met_by', None), ('met_on', None)), models.Q(('met_by__isnull', False), ('met_on__isnull', False)), _connector='OR'), name='a_meeting_about_a_dispute_says_when_and_by_whom'), models.CheckConstraint(condition=models.Q(models.Q(('outcome', 'amended'), _negated=True), models.Q(('amended', ''), _negated=True), _connector='OR'), name='an_amendment_says_what_it_amends')],
            },
        ),
    ]
