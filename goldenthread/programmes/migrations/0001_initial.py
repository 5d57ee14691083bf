import django.db.models.deletion
import goldenthread.ledger.ids
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('audits', '0001_initial'),
        ('caseload', '0001_initial'),
        ('frameworks', '0002_written_once'),
        ('people', '0001_initial'),
        ('people', '__first__'),
    ]

    operations = [
        migrations.CreateModel(
            name='Cycle',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('public_id', models.CharField(default=goldenthread.ledger.ids.new_id, editable=False, max_length=20, unique=True)),
                ('framework_key', models.CharField(max_length=60)),
                ('label', models.CharField(max_length=20)),
                ('title', models.CharField(max_length=80)),
                ('opens_on', models.DateField()),
                ('closes_on', models.DateField()),
                ('themed', models.BooleanField(default=False)),
                ('theme', models.CharField(blank=True, help_text='the topic or service area of a themed cycle', max_length=200)),
                ('reaudits_placed_at', models.DateTimeField(blank=True, null=True)),
                ('sent_at', models.DateTimeField(blank=True, null=True)),
                ('sent_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('theme_unit', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='people.unit')),
                ('version', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='cycles', to='frameworks.version')),
            ],
            options={
                'indexes': [models.Index(fields=['framework_key', 'opens_on'], name='cycles_in_order')],
                'constraints': [models.UniqueConstraint(fields=('framework_key', 'label'), name='a_cycle_of_a_framework_is_labelled_once'), models.CheckConstraint(condition=models.Q(('closes_on__gte', models.F('opens_on'))), name='a_cycle_closes_after_it_opens')],
            },
        ),
        migrations.CreateModel(
            name='Allocation',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('asked_at', models.DateTimeField()),
                ('finished_at', models.DateTimeField(blank=True, null=True)),
                ('given', models.PositiveIntegerField(default=0)),
                ('unfilled', models.PositiveIntegerField(default=0)),
                ('imbalances', models.JSONField(blank=True, default=list, help_text='sentences that name the rule')),
                ('problem', models.CharField(blank=True, max_length=500)),
                ('asked_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('cycle', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='allocations', to='programmes.cycle')),
            ],
            options={
                'constraints': [models.UniqueConstraint(condition=models.Q(('finished_at', None)), fields=('cycle',), name='a_cycle_is_allocated_by_one_run_at_a_time')],
            },
        ),
        migrations.CreateModel(
            name='Draw',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('public_id', models.CharField(default=goldenthread.ledger.ids.new_id, editable=False, max_length=20, unique=True)),
                ('audit_type', models.CharField(max_length=80)),
                ('method', models.CharField(max_length=200)),
                ('frame', models.BinaryField()),
                ('frame_sha256', models.CharField(max_length=64)),
                ('frozen_at', models.DateTimeField()),
                ('on', models.DateField(help_text='the day of which the frame tells')),
                ('seed', models.CharField(blank=True, max_length=200)),
                ('drawn_at', models.DateTimeField(blank=True, null=True)),
                ('abandoned_at', models.DateTimeField(blank=True, null=True)),
                ('abandoned_because', models.CharField(blank=True, max_length=300)),
                ('abandoned_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('cycle', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='draws', to='programmes.cycle')),
                ('drawn_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('frozen_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'constraints': [models.CheckConstraint(condition=models.Q(('drawn_at', None), models.Q(('seed', ''), _negated=True), _connector='OR'), name='a_draw_has_a_seed'), models.CheckConstraint(condition=models.Q(('abandoned_at', None), models.Q(('abandoned_because', ''), _negated=True), _connector='OR'), name='an_abandoned_draw_says_why'), models.UniqueConstraint(condition=models.Q(('abandoned_at', None)), fields=('cycle', 'audit_type'), name='a_cycle_draws_once_for_an_audit_type')],
            },
        ),
        migrations.CreateModel(
            name='FrameEntry',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('key', models.CharField(max_length=20)),
                ('stratum', models.CharField(max_length=200)),
                ('eligible', models.BooleanField()),
                ('reason', models.CharField(blank=True, max_length=300)),
                ('draw', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='entries', to='programmes.draw')),
                ('practitioner', models.ForeignKey(blank=True, db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('subject', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='caseload.subject')),
                ('unit', models.ForeignKey(blank=True, db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='people.unit')),
            ],
            options={
                'indexes': [models.Index(fields=['draw', 'stratum', 'eligible'], name='entries_of_a_stratum')],
                'constraints': [models.UniqueConstraint(fields=('draw', 'key'), name='a_key_stands_once_in_a_frame')],
            },
        ),
        migrations.CreateModel(
            name='Pick',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('position', models.PositiveIntegerField(help_text='order of picking within the draw, replacements after all')),
                ('reason', models.CharField(blank=True, max_length=300)),
                ('picked_at', models.DateTimeField()),
                ('draw', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='picks', to='programmes.draw')),
                ('entry', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='programmes.frameentry')),
                ('picked_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('replaces', models.OneToOneField(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='replaced_by', to='programmes.pick')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('draw', 'entry'), name='a_subject_is_picked_once_in_a_draw'), models.UniqueConstraint(fields=('draw', 'position'), name='picks_are_in_order'), models.CheckConstraint(condition=models.Q(('replaces', None), models.Q(('reason', ''), _negated=True), _connector='OR'), name='a_replacement_says_why')],
            },
        ),
        migrations.CreateModel(
            name='Slot',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('public_id', models.CharField(default=goldenthread.ledger.ids.new_id, editable=False, max_length=20, unique=True)),
                ('audit_type', models.CharField(max_length=80)),
                ('because', models.CharField(max_length=300)),
                ('unfilled', models.JSONField(blank=True, default=list, help_text='each auditor of the pool with the rule that excluded them')),
                ('edited_because', models.CharField(blank=True, max_length=300)),
                ('dropped_at', models.DateTimeField(blank=True, null=True)),
                ('dropped_because', models.CharField(blank=True, max_length=300)),
                ('audit', models.OneToOneField(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='slot', to='audits.audit')),
                ('auditor', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='slots', to=settings.AUTH_USER_MODEL)),
                ('cycle', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='slots', to='programmes.cycle')),
                ('pick', models.OneToOneField(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='slot', to='programmes.pick')),
                ('practitioner', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('previous', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='audits.audit')),
                ('subject', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='caseload.subject')),
                ('unit', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='people.unit')),
            ],
            options={
                'indexes': [models.Index(fields=['cycle', 'auditor'], name='slots_of_an_auditor')],
                'constraints': [models.UniqueConstraint(condition=models.Q(('dropped_at', None)), fields=('cycle', 'subject', 'audit_type'), name='a_subject_has_one_slot_a_cycle_in_a_type'), models.CheckConstraint(condition=models.Q(('dropped_at', None), models.Q(('dropped_because', ''), _negated=True), _connector='OR'), name='a_slot_dropped_says_why'), models.CheckConstraint(condition=models.Q(('audit', None), ('auditor__isnull', False), _connector='OR'), name='an_audit_sent_has_an_auditor')],
            },
        ),
        migrations.CreateModel(
            name='Stratum',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('position', models.PositiveSmallIntegerField()),
                ('name', models.CharField(max_length=200)),
                ('size', models.PositiveIntegerField()),
                ('shortfall', models.CharField(blank=True, help_text='why fewer were picked, if fewer were', max_length=300)),
                ('draw', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='strata', to='programmes.draw')),
                ('unit', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='people.unit')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('draw', 'name'), name='a_stratum_is_named_once'), models.UniqueConstraint(fields=('draw', 'position'), name='strata_are_in_order')],
            },
        ),
        migrations.CreateModel(
            name='UnitTarget',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('framework_key', models.CharField(max_length=60)),
                ('target', models.CharField(max_length=80)),
                ('number', models.PositiveIntegerField()),
                ('starts_on', models.DateField()),
                ('ends_on', models.DateField(blank=True, null=True)),
                ('set_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('unit', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='people.unit')),
            ],
            options={
                'constraints': [models.UniqueConstraint(condition=models.Q(('ends_on', None)), fields=('framework_key', 'target', 'unit'), name='a_unit_has_one_current_number_for_a_target')],
            },
        ),
    ]
