import django.db.models.deletion
import goldenthread.ledger.ids
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('audits', '0001_initial'),
        ('caseload', '0001_initial'),
        ('frameworks', '0001_initial'),
        ('people', '0001_initial'),
        ('tasks', '0001_initial'),
    ]

    operations = [
        migrations.CreateModel(
            name='Alert',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('public_id', models.CharField(default=goldenthread.ledger.ids.new_id, editable=False, max_length=20, unique=True)),
                ('version', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='frameworks.version')),
                ('audit', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='alerts', to='audits.audit')),
                ('subject', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='alerts', to='caseload.subject')),
                ('unit', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='people.unit')),
                ('concern', models.TextField()),
                ('raised_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('raised_at', models.DateTimeField()),
                ('outcome', models.TextField(blank=True)),
                ('resolved_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('resolved_at', models.DateTimeField(blank=True, null=True)),
            ],
            options={
                'indexes': [models.Index(fields=['unit', 'raised_at'], name='alerts_of_a_unit')],
                'constraints': [models.CheckConstraint(condition=models.Q(models.Q(('outcome', ''), ('resolved_at', None), ('resolved_by', None)), models.Q(('resolved_at__isnull', False), ('resolved_by__isnull', False), models.Q(('outcome', ''), _negated=True)), _connector='OR'), name='a_resolved_alert_says_who_when_and_what')],
            },
        ),
        migrations.CreateModel(
            name='Dispute',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('public_id', models.CharField(default=goldenthread.ledger.ids.new_id, editable=False, max_length=20, unique=True)),
                ('version', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='frameworks.version')),
                ('audit', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='disputes', to='audits.audit')),
                ('unit', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='people.unit')),
                ('raised_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('raised_at', models.DateTimeField()),
                ('outcome', models.CharField(blank=True, choices=[('stands', 'everything stands'), ('changed', 'grades changed'), ('amended', 'report amended'), ('referred outside', 'referred outside the organisation'), ('withdrawn', 'withdrawn')], max_length=20)),
                ('ended_by', models.ForeignKey(blank=True, help_text='none where silence ended it', null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('ended_at', models.DateTimeField(blank=True, null=True)),
                ('because', models.TextField(blank=True, help_text='why it was withdrawn')),
            ],
            options={
                'indexes': [models.Index(fields=['unit', 'raised_at'], name='disputes_of_a_unit')],
                'constraints': [models.CheckConstraint(condition=models.Q(models.Q(('ended_at', None), ('ended_by', None), ('outcome', '')), models.Q(('ended_at__isnull', False), models.Q(('outcome', ''), _negated=True)), _connector='OR'), name='a_dispute_that_ended_says_how'), models.UniqueConstraint(condition=models.Q(('outcome', 'withdrawn'), _negated=True), fields=('audit', 'raised_by'), name='a_person_disputes_an_audit_once')],
            },
        ),
        migrations.CreateModel(
            name='LateWork',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('public_id', models.CharField(default=goldenthread.ledger.ids.new_id, editable=False, max_length=20, unique=True)),
                ('version', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='frameworks.version')),
                ('ladder', models.CharField(help_text='by its name in the framework', max_length=80)),
                ('task', models.ForeignKey(help_text='what is late', on_delete=django.db.models.deletion.PROTECT, related_name='+', to='tasks.task')),
                ('repeated', models.BooleanField(default=False, help_text='it keeps coming back, and need not be late')),
                ('began_at', models.DateTimeField()),
                ('ended_at', models.DateTimeField(blank=True, null=True)),
            ],
            options={
                'constraints': [models.UniqueConstraint(condition=models.Q(('ended_at', None), ('repeated', True), _connector='OR'), fields=('task', 'ladder'), name='late_work_climbs_a_ladder_once_at_a_time')],
                'indexes': [],
            },
        ),
        migrations.CreateModel(
            name='PrivateConcern',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('public_id', models.CharField(default=goldenthread.ledger.ids.new_id, editable=False, max_length=20, unique=True)),
                ('version', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='frameworks.version')),
                ('audit', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='audits.audit')),
                ('unit', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='people.unit')),
                ('concerns', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('concern', models.TextField()),
                ('raised_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('raised_at', models.DateTimeField()),
                ('ended_at', models.DateTimeField(blank=True, null=True)),
            ],
            options={
                'constraints': [models.CheckConstraint(condition=models.Q(('raised_by', models.F('concerns')), _negated=True), name='a_private_concern_is_about_somebody_else')],
                'indexes': [],
            },
        ),
        migrations.CreateModel(
            name='Stage',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('alert', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='stages', to='escalations.alert')),
                ('number', models.PositiveSmallIntegerField(help_text='from 1')),
                ('role', models.CharField(help_text='the role asked, by its name in the framework', max_length=80)),
                ('task', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='tasks.task')),
                ('started_at', models.DateTimeField()),
                ('silent_at', models.DateTimeField(blank=True, null=True)),
                ('ended_at', models.DateTimeField(blank=True, null=True)),
                ('ended_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('outcome', models.CharField(blank=True, choices=[('resolved', 'resolved'), ('not resolved', 'not resolved'), ('no answer', 'no answer in time')], max_length=20)),
                ('said', models.TextField(blank=True, help_text='the discussion and what came of it')),
            ],
            options={
                'indexes': [models.Index(condition=models.Q(('ended_at', None)), fields=['alert'], name='running_stages')],
                'constraints': [models.UniqueConstraint(fields=('alert', 'number'), name='a_stage_is_reached_once'), models.CheckConstraint(condition=models.Q(models.Q(('ended_at', None), ('ended_by', None), ('outcome', ''), ('said', '')), models.Q(('ended_at__isnull', False), ('ended_by', None), ('outcome', 'no answer'), ('said', '')), models.Q(('ended_at__isnull', False), ('ended_by__isnull', False), ('outcome__in', ['resolved', 'not resolved']), models.Q(('said', ''), _negated=True)), _connector='OR'), name='a_stage_ends_with_an_answer_or_in_silence')],
            },
        ),
        migrations.CreateModel(
            name='DisputePoint',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('dispute', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='points', to='escalations.dispute')),
                ('number', models.PositiveSmallIntegerField(help_text='from 1')),
                ('about', models.CharField(help_text='overall, domains, facts or recommendations', max_length=20)),
                ('part', models.CharField(blank=True, help_text='the key of the domain, or overall', max_length=80)),
                ('reasons', models.TextField()),
                ('evidence', models.TextField(blank=True)),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('dispute', 'number'), name='points_of_a_dispute_are_numbered'), models.CheckConstraint(condition=models.Q(('reasons', ''), _negated=True), name='a_disputed_point_has_reasons')],
                'indexes': [],
            },
        ),
        migrations.CreateModel(
            name='DisputeStage',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('dispute', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='stages', to='escalations.dispute')),
                ('number', models.PositiveSmallIntegerField(help_text='from 1, as in the framework')),
                ('role', models.CharField(help_text='the role asked, by its name in the framework', max_length=80)),
                ('task', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='tasks.task')),
                ('started_at', models.DateTimeField()),
                ('silent_at', models.DateTimeField(blank=True, null=True)),
                ('met_on', models.DateField(blank=True, null=True)),
                ('attended', models.CharField(blank=True, max_length=300)),
                ('discussed', models.TextField(blank=True)),
                ('met_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('outcome', models.CharField(blank=True, choices=[('stands', 'everything stands'), ('changed', 'grades changed'), ('amended', 'report amended'), ('passed up', 'passed to the next stage'), ('referred outside', 'referred outside the organisation'), ('no answer', 'no answer in time')], max_length=20)),
                ('said', models.TextField(blank=True, help_text='the written answer')),
                ('amended', models.TextField(blank=True, help_text='what the report now says otherwise')),
                ('decided_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('decided_at', models.DateTimeField(blank=True, null=True)),
                ('replied', models.TextField(blank=True, help_text='why the raiser takes it further')),
                ('ended_at', models.DateTimeField(blank=True, null=True)),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('dispute', 'number'), name='a_stage_of_a_dispute_is_reached_once'), models.UniqueConstraint(condition=models.Q(('ended_at', None)), fields=('dispute',), name='a_dispute_stands_at_one_stage'), models.CheckConstraint(condition=models.Q(models.Q(('decided_at', None), ('decided_by', None), ('outcome', ''), ('said', '')), models.Q(('decided_by', None), ('ended_at__isnull', False), ('outcome', 'no answer'), ('said', '')), models.Q(('decided_at__isnull', False), ('decided_by__isnull', False), models.Q(('outcome__in', ['', 'no answer']), _negated=True), models.Q(('said', ''), _negated=True)), _connector='OR'), name='a_stage_of_a_dispute_is_answered_or_silent'), models.CheckConstraint(condition=models.Q(models.Q(('met_by', None), ('met_on', None)), models.Q(('met_by__isnull', False), ('met_on__isnull', False)), _connector='OR'), name='a_meeting_about_a_dispute_says_when_and_by_whom'), models.CheckConstraint(condition=models.Q(models.Q(('outcome', 'amended'), _negated=True), models.Q(('amended', ''), _negated=True), _connector='OR'), name='an_amendment_says_what_it_amends')],
                'indexes': [],
            },
        ),
        migrations.CreateModel(
            name='LateStage',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('late', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='stages', to='escalations.latework')),
                ('number', models.PositiveSmallIntegerField(help_text='from 1, as in the framework')),
                ('role', models.CharField(max_length=80)),
                ('task', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='tasks.task')),
                ('started_at', models.DateTimeField()),
                ('said', models.TextField(blank=True)),
                ('replied_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('replied_at', models.DateTimeField(blank=True, null=True)),
                ('silent_at', models.DateTimeField(blank=True, null=True)),
                ('ended_at', models.DateTimeField(blank=True, null=True)),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('late', 'number'), name='a_stage_of_late_work_is_reached_once'), models.UniqueConstraint(condition=models.Q(('ended_at', None)), fields=('late',), name='late_work_stands_at_one_stage'), models.CheckConstraint(condition=models.Q(models.Q(('replied_at', None), ('replied_by', None), ('said', '')), models.Q(('replied_at__isnull', False), ('replied_by__isnull', False), models.Q(('said', ''), _negated=True)), _connector='OR'), name='a_reply_about_late_work_says_who_when_and_what')],
                'indexes': [],
            },
        ),
        migrations.CreateModel(
            name='PrivateStage',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('concern', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='stages', to='escalations.privateconcern')),
                ('number', models.PositiveSmallIntegerField(help_text='from 1, as in the framework')),
                ('role', models.CharField(max_length=80)),
                ('started_at', models.DateTimeField()),
                ('due_at', models.DateTimeField()),
                ('silent_at', models.DateTimeField(blank=True, null=True)),
                ('said', models.TextField(blank=True)),
                ('settled', models.BooleanField(default=False)),
                ('ended_at', models.DateTimeField(blank=True, null=True)),
                ('ended_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('concern', 'number'), name='a_stage_of_a_private_concern_is_reached_once'), models.CheckConstraint(condition=models.Q(models.Q(('ended_by', None), ('said', ''), ('settled', False)), models.Q(('ended_at__isnull', False), ('ended_by__isnull', False), models.Q(('said', ''), _negated=True)), _connector='OR'), name='a_stage_of_a_private_concern_is_answered_or_silent')],
                'indexes': [],
            },
        ),
    ]
