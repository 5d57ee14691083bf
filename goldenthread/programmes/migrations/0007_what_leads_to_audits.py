import django.db.models.deletion
import goldenthread.ledger.ids
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('audits', '0002_what_the_rules_said'),
        ('caseload', '0002_several_files_of_an_extract'),
        ('frameworks', '0003_drafts'),
        ('people', '0001_initial'),
        ('people', '__first__'),
        ('programmes', '0006_dry_runs'),
    ]

    operations = [
        migrations.CreateModel(
            name='Commission',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('public_id', models.CharField(default=goldenthread.ledger.ids.new_id, editable=False, max_length=20, unique=True)),
                ('framework_key', models.CharField(max_length=60)),
                ('trigger', models.CharField(max_length=80)),
                ('event', models.CharField(max_length=200)),
                ('happened_on', models.DateField()),
                ('audit_type', models.CharField(max_length=80)),
                ('because', models.CharField(max_length=300)),
                ('not_before', models.DateField(help_text='the day from which the audit may be sent')),
                ('due_at', models.DateTimeField()),
                ('due_reason', models.CharField(max_length=500)),
                ('state', models.CharField(choices=[('waiting', 'waiting'), ('sent', 'sent'), ('dropped', 'dropped'), ('passed over', 'not owed')], default='waiting', max_length=12)),
                ('told', models.CharField(blank=True, help_text='why it waits, was dropped or is not owed', max_length=500)),
                ('tried_on', models.DateField(blank=True, null=True)),
                ('considered', models.JSONField(blank=True, default=list)),
                ('placed_at', models.DateTimeField()),
                ('ended_at', models.DateTimeField(blank=True, null=True)),
            ],
            options={
                'indexes': [models.Index(fields=['state', 'not_before'], name='commissions_to_send'), models.Index(fields=['framework_key', '-happened_on'], name='commissions_by_day')],
                'constraints': [models.UniqueConstraint(fields=('framework_key', 'trigger', 'event'), name='what_happened_asks_once_under_a_trigger'), models.CheckConstraint(condition=models.Q(('state__in', ['waiting', 'sent']), models.Q(('told', ''), _negated=True), _connector='OR'), name='a_commission_dropped_says_why'), models.CheckConstraint(condition=models.Q(models.Q(('ended_at', None), ('state', 'waiting')), models.Q(models.Q(('state', 'waiting'), _negated=True), ('ended_at__isnull', False)), _connector='OR'), name='a_commission_that_ended_says_when')],
            },
        ),
        migrations.CreateModel(
            name='Nomination',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('public_id', models.CharField(default=goldenthread.ledger.ids.new_id, editable=False, max_length=20, unique=True)),
                ('audit_type', models.CharField(max_length=80)),
                ('because', models.CharField(max_length=300)),
                ('nominated_at', models.DateTimeField()),
                ('state', models.CharField(choices=[('waiting', 'waiting to be agreed'), ('agreed', 'agreed'), ('declined', 'declined'), ('withdrawn', 'taken back'), ('lapsed', 'not agreed in time')], default='waiting', max_length=12)),
                ('settled_at', models.DateTimeField(blank=True, null=True)),
                ('settled_because', models.CharField(blank=True, max_length=300)),
            ],
            options={
                'constraints': [models.CheckConstraint(condition=models.Q(('because', ''), _negated=True), name='a_nomination_says_why'), models.CheckConstraint(condition=models.Q(models.Q(('settled_at', None), ('state', 'waiting')), models.Q(models.Q(('state', 'waiting'), _negated=True), ('settled_at__isnull', False)), _connector='OR'), name='a_nomination_that_was_settled_says_when'), models.CheckConstraint(condition=models.Q(models.Q(('state', 'declined'), _negated=True), models.Q(('settled_because', ''), _negated=True), _connector='OR'), name='a_nomination_declined_says_why')],
            },
        ),
        migrations.CreateModel(
            name='Occurrence',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('public_id', models.CharField(default=goldenthread.ledger.ids.new_id, editable=False, max_length=20, unique=True)),
                ('kind', models.CharField(choices=[('supervision', 'a supervision'), ('incident', 'an incident')], max_length=20)),
                ('what', models.CharField(blank=True, help_text='the kind of incident', max_length=150)),
                ('happened_on', models.DateField()),
                ('recorded_at', models.DateTimeField()),
                ('withdrawn_at', models.DateTimeField(blank=True, null=True)),
                ('withdrawn_because', models.CharField(blank=True, max_length=300)),
            ],
            options={
                'indexes': [models.Index(fields=['kind', 'happened_on'], name='what_happened_by_day')],
            },
        ),
        migrations.RemoveConstraint(
            model_name='slot',
            name='a_subject_has_one_slot_a_cycle_in_a_type',
        ),
        migrations.AddField(
            model_name='commission',
            name='cycle',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='commissions', to='programmes.cycle'),
        ),
        migrations.AddField(
            model_name='commission',
            name='ended_by',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='commission',
            name='subject',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='caseload.subject'),
        ),
        migrations.AddField(
            model_name='commission',
            name='unit',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='people.unit'),
        ),
        migrations.AddField(
            model_name='commission',
            name='version',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='frameworks.version'),
        ),
        migrations.AddField(
            model_name='commission',
            name='worker',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='slot',
            name='commission',
            field=models.OneToOneField(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='slot', to='programmes.commission'),
        ),
        migrations.AddConstraint(
            model_name='slot',
            constraint=models.UniqueConstraint(condition=models.Q(('commission', None), ('dropped_at', None)), fields=('cycle', 'subject', 'audit_type'), name='a_subject_has_one_slot_a_cycle_in_a_type'),
        ),
        migrations.AddField(
            model_name='nomination',
            name='cycle',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='nominations', to='programmes.cycle'),
        ),
        migrations.AddField(
            model_name='nomination',
            name='entry',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='nominations', to='programmes.frameentry'),
        ),
        migrations.AddField(
            model_name='nomination',
            name='nominated_by',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='nomination',
            name='practitioner',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='nomination',
            name='settled_by',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='nomination',
            name='subject',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='caseload.subject'),
        ),
        migrations.AddField(
            model_name='nomination',
            name='unit',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='people.unit'),
        ),
        migrations.AddField(
            model_name='occurrence',
            name='recorded_by',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='occurrence',
            name='subject',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='caseload.subject'),
        ),
        migrations.AddField(
            model_name='occurrence',
            name='unit',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='people.unit'),
        ),
        migrations.AddField(
            model_name='occurrence',
            name='withdrawn_by',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='occurrence',
            name='worker',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='commission',
            name='occurrence',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='commissions', to='programmes.occurrence'),
        ),
        migrations.AddConstraint(
            model_name='nomination',
            constraint=models.UniqueConstraint(condition=models.Q(('state__in', ['waiting', 'agreed'])), fields=('cycle', 'audit_type', 'subject'), name='a_case_is_nominated_once_at_a_time'),
        ),
        migrations.AddConstraint(
            model_name='occurrence',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('kind', 'supervision'), ('subject', None), ('what', ''), ('worker__isnull', False)), models.Q(models.Q(('kind', 'incident'), ('subject__isnull', False), ('worker', None)), models.Q(('what', ''), _negated=True)), _connector='OR'), name='a_supervision_is_of_a_worker_and_an_incident_of_a_subject'),
        ),
        migrations.AddConstraint(
            model_name='occurrence',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('withdrawn_at', None), ('withdrawn_by', None)), models.Q(models.Q(('withdrawn_at__isnull', False), ('withdrawn_by__isnull', False)), models.Q(('withdrawn_because', ''), _negated=True)), _connector='OR'), name='what_is_taken_back_says_when_by_whom_and_why'),
        ),
        migrations.AddConstraint(
            model_name='occurrence',
            constraint=models.UniqueConstraint(condition=models.Q(('kind', 'supervision'), ('withdrawn_at', None)), fields=('worker', 'happened_on'), name='a_worker_has_one_supervision_a_day'),
        ),
        migrations.AddConstraint(
            model_name='occurrence',
            constraint=models.UniqueConstraint(condition=models.Q(('kind', 'incident'), ('withdrawn_at', None)), fields=('subject', 'happened_on', 'what'), name='an_incident_is_recorded_once'),
        ),
        migrations.AddConstraint(
            model_name='commission',
            constraint=models.CheckConstraint(condition=models.Q(('worker__isnull', False), ('subject__isnull', False), _connector='OR'), name='a_commission_is_about_somebody'),
        ),
    ]
