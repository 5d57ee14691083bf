import django.db.models.deletion
import goldenthread.ledger.ids
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('audits', '0001_initial'),
        ('frameworks', '0001_initial'),
        ('people', '0001_initial'),
        ('tasks', '0001_initial'),
    ]

    operations = [
        migrations.CreateModel(
            name='Considered',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('audit', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='considered', to='audits.audit')),
                ('considered_at', models.DateTimeField()),
            ],
            options={
                'indexes': [],
                'constraints': [],
            },
        ),
        migrations.CreateModel(
            name='Response',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('public_id', models.CharField(default=goldenthread.ledger.ids.new_id, editable=False, max_length=20, unique=True)),
                ('audit', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='responses', to='audits.audit')),
                ('version', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='frameworks.version')),
                ('unit', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='people.unit')),
                ('rule', models.CharField(help_text='by its name in the framework', max_length=80)),
                ('state', models.CharField(choices=[('owed', 'To be discussed'), ('recorded', 'Recorded, to be checked'), ('returned', 'Something is missing'), ('settled', 'Settled')], default='owed', max_length=10)),
                ('began_at', models.DateTimeField()),
                ('task', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='tasks.task')),
                ('waits_for', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='tasks.task')),
                ('rung', models.PositiveSmallIntegerField(default=0)),
                ('recorded_at', models.DateTimeField(blank=True, help_text='when it was first recorded', null=True)),
            ],
            options={
                'indexes': [models.Index(fields=['unit', 'state'], name='responses_of_a_unit'), models.Index(fields=['state', 'waits_for'], name='responses_that_wait')],
                'constraints': [models.UniqueConstraint(fields=('audit', 'rule'), name='a_rule_answers_an_audit_once'), models.CheckConstraint(condition=models.Q(models.Q(('state', 'recorded'), _negated=True), ('recorded_at__isnull', False), _connector='OR'), name='a_recorded_discussion_says_when')],
            },
        ),
        migrations.CreateModel(
            name='Discussion',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('response', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='discussions', to='improvement.response')),
                ('number', models.PositiveSmallIntegerField(help_text='from 1; a record that was found wanting has another')),
                ('held_on', models.DateField()),
                ('present', models.CharField(max_length=300)),
                ('discussed', models.TextField()),
                ('good', models.TextField(blank=True, help_text='the good work that was acknowledged')),
                ('recorded_as', models.CharField(max_length=150)),
                ('recorded_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('recorded_at', models.DateTimeField()),
                ('missing', models.TextField(blank=True, help_text='what the check found missing')),
                ('checked_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('checked_at', models.DateTimeField(blank=True, null=True)),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('response', 'number'), name='discussions_are_numbered'), models.CheckConstraint(condition=models.Q(models.Q(('checked_at', None), ('checked_by', None), ('missing', '')), models.Q(('checked_at__isnull', False), ('checked_by__isnull', False)), _connector='OR'), name='a_check_says_who_and_when')],
                'indexes': [],
            },
        ),
        migrations.CreateModel(
            name='Action',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('public_id', models.CharField(default=goldenthread.ledger.ids.new_id, editable=False, max_length=20, unique=True)),
                ('response', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='actions', to='improvement.response')),
                ('version', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='frameworks.version')),
                ('unit', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='people.unit')),
                ('text', models.TextField()),
                ('kept_because', models.CharField(blank=True, help_text='why a vague phrase stayed', max_length=300)),
                ('owner', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='actions', to=settings.AUTH_USER_MODEL)),
                ('due_on', models.DateField(help_text='the day that was agreed')),
                ('level', models.CharField(max_length=80)),
                ('kind', models.CharField(blank=True, max_length=80)),
                ('severity', models.CharField(max_length=80)),
                ('proof', models.CharField(blank=True, help_text='how it will be shown that it worked', max_length=80)),
                ('state', models.CharField(choices=[('open', 'To do'), ('done', 'Done, not closed'), ('verified', 'Shown to have worked'), ('closed', 'Closed')], default='open', max_length=10)),
                ('agreed_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('agreed_at', models.DateTimeField()),
                ('evidence', models.TextField(blank=True, help_text='what shows that it is done')),
                ('done_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('done_at', models.DateTimeField(blank=True, null=True)),
                ('verified_at', models.DateTimeField(blank=True, null=True)),
                ('closed_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('closed_at', models.DateTimeField(blank=True, null=True)),
            ],
            options={
                'indexes': [models.Index(fields=['unit', 'state', 'due_on'], name='actions_of_a_unit'), models.Index(fields=['owner', 'state'], name='actions_of_a_person')],
                'constraints': [models.CheckConstraint(condition=models.Q(models.Q(('done_at', None), ('done_by', None), ('state', 'open')), models.Q(('done_at__isnull', False), ('done_by__isnull', False), models.Q(('state', 'open'), _negated=True)), _connector='OR'), name='an_action_that_is_done_says_who_and_when'), models.CheckConstraint(condition=models.Q(models.Q(('closed_at', None), ('closed_by', None), models.Q(('state', 'closed'), _negated=True)), models.Q(('closed_at__isnull', False), ('closed_by__isnull', False), ('state', 'closed')), _connector='OR'), name='a_closed_action_says_who_and_when'), models.CheckConstraint(condition=models.Q(models.Q(('state__in', ['verified', 'closed']), _negated=True), ('proof', ''), ('verified_at__isnull', False), _connector='OR'), name='an_action_with_a_proof_closes_once_verified')],
            },
        ),
        migrations.CreateModel(
            name='Verification',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('action', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='verifications', to='improvement.action')),
                ('number', models.PositiveSmallIntegerField(help_text='from 1')),
                ('method', models.CharField(max_length=80)),
                ('look', models.PositiveSmallIntegerField(default=1, help_text='which of the looks of its proof, from 1')),
                ('looked_on', models.DateField()),
                ('held', models.BooleanField(help_text='whether the action worked')),
                ('found', models.TextField()),
                ('audit', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='audits.audit')),
                ('verified_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('verified_at', models.DateTimeField()),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('action', 'number'), name='verifications_are_numbered')],
                'indexes': [],
            },
        ),
        migrations.CreateModel(
            name='ClosingPass',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('action', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='closing_passes', to='improvement.action')),
                ('gate', models.CharField(max_length=80)),
                ('because', models.TextField()),
                ('passed_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('passed_at', models.DateTimeField()),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('action', 'gate'), name='an_action_passes_a_gate_once'), models.CheckConstraint(condition=models.Q(('because', ''), _negated=True), name='a_gate_is_passed_with_a_reason')],
                'indexes': [],
            },
        ),
        migrations.CreateModel(
            name='Handover',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('action', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='handovers', to='improvement.action')),
                ('given_from', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('given_to', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('because', models.CharField(max_length=500)),
                ('given_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('given_at', models.DateTimeField()),
            ],
            options={
                'constraints': [models.CheckConstraint(condition=models.Q(('because', ''), _negated=True), name='an_action_is_given_on_with_a_reason')],
                'indexes': [],
            },
        ),
    ]
