import django.db.models.deletion
import goldenthread.ledger.ids
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('caseload', '0001_initial'),
        ('frameworks', '0001_initial'),
        ('people', '0001_initial'),
        ('people', '__first__'),
    ]

    operations = [
        migrations.CreateModel(
            name='Audit',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('public_id', models.CharField(default=goldenthread.ledger.ids.new_id, editable=False, max_length=20, unique=True)),
                ('number', models.CharField(help_text='What people call it: 2026-11/014', max_length=30, unique=True)),
                ('audit_type', models.CharField(max_length=80)),
                ('cycle', models.CharField(max_length=20)),
                ('cycle_closes_on', models.DateField()),
                ('state', models.CharField(max_length=80)),
                ('phase', models.CharField(max_length=10)),
                ('looks_from', models.DateField(help_text='First day of the period audited')),
                ('looks_to', models.DateField(help_text='Last day of the period audited')),
                ('skipped_sections', models.JSONField(blank=True, default=list)),
                ('sent_at', models.DateTimeField()),
                ('finished_at', models.DateTimeField(blank=True, help_text='when it became final', null=True)),
                ('filed_at', models.DateTimeField(blank=True, null=True)),
                ('auditor', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='audits', to=settings.AUTH_USER_MODEL)),
                ('practitioner', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='audited', to=settings.AUTH_USER_MODEL)),
                ('previous', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='re_audits', to='audits.audit')),
                ('subject', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='audits', to='caseload.subject')),
                ('unit', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='audits', to='people.unit')),
                ('version', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='audits', to='frameworks.version')),
            ],
            options={
                'indexes': [models.Index(fields=['auditor', 'phase'], name='audits_of_an_auditor'), models.Index(fields=['cycle', 'unit', 'phase'], name='audits_of_a_cycle'), models.Index(fields=['subject', 'finished_at'], name='audits_of_a_subject')],
                'constraints': [models.CheckConstraint(condition=models.Q(('looks_from__lte', models.F('looks_to'))), name='an_audit_looks_at_a_period'), models.CheckConstraint(condition=models.Q(models.Q(('phase__in', ['final', 'filed']), _negated=True), ('finished_at__isnull', False), _connector='OR'), name='a_final_audit_says_when'), models.UniqueConstraint(condition=models.Q(('phase', 'stopped'), _negated=True), fields=('subject', 'cycle', 'audit_type'), name='a_subject_is_audited_once_a_cycle_in_a_type')],
            },
        ),
        migrations.CreateModel(
            name='Answer',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('question', models.CharField(max_length=80)),
                ('value', models.JSONField(blank=True, default=str)),
                ('instead', models.CharField(blank=True, help_text='not applicable, not seen, no evidence', max_length=20)),
                ('evidence', models.TextField(blank=True)),
                ('version', models.PositiveIntegerField(default=1)),
                ('saved_at', models.DateTimeField()),
                ('saved_by', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('audit', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='answers', to='audits.audit')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('audit', 'question'), name='a_question_has_one_answer')],
            },
        ),
        migrations.CreateModel(
            name='CaseNote',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('title', models.CharField(max_length=100)),
                ('note_type', models.CharField(max_length=100)),
                ('noted_at', models.DateTimeField()),
                ('text', models.TextField()),
                ('alerted', models.TextField(blank=True)),
                ('audit', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='case_note', to='audits.audit')),
                ('filed_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
        ),
        migrations.CreateModel(
            name='Conversation',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('arranged_for', models.DateTimeField(blank=True, null=True)),
                ('place', models.CharField(blank=True, max_length=200)),
                ('held_on', models.DateField(blank=True, null=True)),
                ('attended', models.CharField(blank=True, max_length=300)),
                ('added', models.TextField(blank=True, help_text='what the conversation added')),
                ('version', models.PositiveIntegerField(default=0)),
                ('arranged_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('audit', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='conversation', to='audits.audit')),
            ],
        ),
        migrations.CreateModel(
            name='EarlierWork',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('strengths', models.TextField(blank=True)),
                ('concerns', models.TextField(blank=True)),
                ('told_at', models.DateTimeField(blank=True, null=True)),
                ('version', models.PositiveIntegerField(default=0)),
                ('audit', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='earlier_work', to='audits.audit')),
                ('person', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('unit', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='people.unit')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('audit', 'person', 'unit'), name='earlier_work_is_recorded_once', nulls_distinct=False)],
            },
        ),
        migrations.CreateModel(
            name='Judgement',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('part', models.CharField(help_text='the key of a domain, or overall', max_length=80)),
                ('stage', models.CharField(max_length=80)),
                ('stage_order', models.PositiveSmallIntegerField()),
                ('grade', models.CharField(blank=True, help_text='the key of a value of the scale', max_length=80)),
                ('why', models.TextField(blank=True)),
                ('source', models.CharField(choices=[('entered', 'entered by a person'), ('computed', 'computed by a rule')], default='entered', max_length=10)),
                ('rule', models.CharField(blank=True, max_length=200)),
                ('version', models.PositiveIntegerField(default=1)),
                ('is_current', models.BooleanField(default=True)),
                ('judged_at', models.DateTimeField()),
                ('key', models.CharField(blank=True, help_text="the page's own mark of the change, so that a resend is known", max_length=40)),
                ('audit', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='judgements', to='audits.audit')),
                ('judged_by', models.ForeignKey(blank=True, db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('audit', 'part', 'stage', 'version'), name='a_judgement_is_versioned'), models.UniqueConstraint(condition=models.Q(('is_current', True)), fields=('audit', 'part', 'stage'), name='one_judgement_is_current'), models.UniqueConstraint(condition=models.Q(('key', ''), _negated=True), fields=('audit', 'part', 'stage', 'key'), name='a_judgement_is_saved_once')],
            },
        ),
        migrations.CreateModel(
            name='Participant',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('relation', models.CharField(help_text='auditor, practitioner, earlier practitioner, proposer', max_length=40)),
                ('starts_on', models.DateField()),
                ('ends_on', models.DateField(blank=True, null=True)),
                ('why', models.CharField(blank=True, max_length=300)),
                ('audit', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='participants', to='audits.audit')),
                ('person', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='participations', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'indexes': [models.Index(fields=['person', 'audit'], name='audits_of_a_participant')],
                'constraints': [models.UniqueConstraint(condition=models.Q(('ends_on', None)), fields=('audit', 'person', 'relation'), name='a_participant_is_named_once')],
            },
        ),
        migrations.CreateModel(
            name='QualityCheck',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('outcome', models.CharField(choices=[('accepted', 'Accepted'), ('returned', 'Returned with points')], max_length=10)),
                ('points', models.TextField(blank=True)),
                ('discussed', models.BooleanField(default=False, help_text='whether a discussion is offered with the points')),
                ('checked_at', models.DateTimeField()),
                ('audit', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='quality_checks', to='audits.audit')),
                ('checked_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'constraints': [models.CheckConstraint(condition=models.Q(('outcome', 'accepted'), models.Q(('points', ''), _negated=True), _connector='OR'), name='a_returned_report_comes_with_points')],
            },
        ),
        migrations.CreateModel(
            name='AnswerVersion',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('version', models.PositiveIntegerField()),
                ('value', models.JSONField(blank=True, default=str)),
                ('instead', models.CharField(blank=True, max_length=20)),
                ('evidence', models.TextField(blank=True)),
                ('saved_at', models.DateTimeField()),
                ('key', models.CharField(blank=True, help_text="the page's own mark of the change, so that a resend is known", max_length=40)),
                ('answer', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='versions', to='audits.answer')),
                ('saved_by', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('answer', 'version'), name='an_answer_is_versioned'), models.UniqueConstraint(condition=models.Q(('key', ''), _negated=True), fields=('answer', 'key'), name='a_change_of_an_answer_is_saved_once')],
            },
        ),
    ]
