import django.db.models.deletion
import goldenthread.ledger.ids
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('people', '0001_initial'),
    ]

    operations = [
        migrations.CreateModel(
            name='Extract',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('public_id', models.CharField(default=goldenthread.ledger.ids.new_id, editable=False, max_length=20, unique=True)),
                ('preset', models.CharField(max_length=40)),
                ('file_name', models.CharField(help_text='Of several files, how they are called together', max_length=255)),
                ('files', models.JSONField(blank=True, default=list, help_text='The name of each file')),
                ('sha256', models.CharField(max_length=64)),
                ('state', models.CharField(choices=[('uploaded', 'Being read'), ('mapping', 'Waiting for you to say what its columns are'), ('previewed', 'Waiting for you to confirm'), ('committed', 'Loaded'), ('abandoned', 'Abandoned'), ('undone', 'Undone'), ('refused', 'Could not be read')], default='uploaded', max_length=20)),
                ('headers', models.JSONField(blank=True, default=list)),
                ('mapping', models.JSONField(blank=True, default=dict)),
                ('lists', models.JSONField(blank=True, default=list, help_text='The lists that the file contains')),
                ('counts', models.JSONField(blank=True, default=dict)),
                ('people', models.PositiveIntegerField(default=0, help_text='Distinct persons in any of its files')),
                ('notes', models.JSONField(blank=True, default=list)),
                ('problem', models.TextField(blank=True)),
                ('progress', models.PositiveSmallIntegerField(default=0, help_text='per cent of the work done')),
                ('rows_read', models.PositiveIntegerField(default=0)),
                ('is_confirmed', models.BooleanField(default=False, help_text='A person said yes to the preview')),
                ('extracted_on', models.DateField(help_text='The day of which the extract tells')),
                ('uploaded_at', models.DateTimeField()),
                ('uploaded_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='extracts', to=settings.AUTH_USER_MODEL)),
                ('finished_at', models.DateTimeField(blank=True, null=True)),
            ],
            options={
                'constraints': [models.UniqueConstraint(condition=models.Q(('state__in', ['uploaded', 'mapping', 'previewed'])), fields=('preset',), name='one_extract_of_a_kind_waits_at_a_time')],
                'indexes': [],
            },
        ),
        migrations.CreateModel(
            name='RememberedMapping',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('preset', models.CharField(max_length=40)),
                ('headers_digest', models.CharField(max_length=64)),
                ('mapping', models.JSONField()),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('preset', 'headers_digest'), name='one_mapping_is_remembered_for_headers')],
                'indexes': [],
            },
        ),
        migrations.CreateModel(
            name='Subject',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('public_id', models.CharField(default=goldenthread.ledger.ids.new_id, editable=False, max_length=20, unique=True)),
                ('kind', models.CharField(default='case', max_length=80)),
                ('reference', models.CharField(max_length=100)),
                ('label', models.CharField(blank=True, max_length=200)),
                ('source', models.CharField(blank=True, max_length=100)),
                ('about_staff', models.BooleanField(default=False)),
                ('person_reference', models.CharField(blank=True, help_text="The person's reference, never a name", max_length=100)),
                ('replaced_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='replaces', to='caseload.subject')),
                ('extract', models.ForeignKey(blank=True, db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='caseload.extract')),
            ],
            options={
                'indexes': [models.Index(fields=['person_reference'], name='subjects_of_a_person')],
                'constraints': [models.UniqueConstraint(fields=('kind', 'reference'), name='a_reference_names_one_subject'), models.UniqueConstraint(condition=models.Q(('source', ''), _negated=True), fields=('kind', 'source'), name='one_subject_stands_for_a_thing')],
            },
        ),
        migrations.CreateModel(
            name='StagedRow',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('extract', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='rows', to='caseload.extract')),
                ('sheet', models.CharField(blank=True, max_length=80)),
                ('row', models.PositiveIntegerField()),
                ('list', models.CharField(max_length=40)),
                ('key', models.CharField(max_length=200)),
                ('reference', models.CharField(blank=True, max_length=100)),
                ('replaces', models.CharField(blank=True, max_length=100)),
                ('worker', models.CharField(blank=True, max_length=200)),
                ('worker_reference', models.CharField(blank=True, max_length=100)),
                ('team', models.CharField(blank=True, max_length=200)),
                ('is_open', models.BooleanField()),
                ('allocated_on', models.DateField(blank=True, null=True)),
                ('digest', models.CharField(max_length=64)),
                ('action', models.CharField(blank=True, choices=[('new', 'New'), ('changed', 'Changed'), ('unchanged', 'Unchanged'), ('rejected', 'Rejected')], max_length=10)),
                ('values', models.JSONField(default=dict)),
            ],
            options={
                'indexes': [models.Index(fields=['extract', 'list', 'key'], name='staged_rows_by_key'), models.Index(fields=['extract', 'action', 'id'], name='staged_rows_by_action'), models.Index(fields=['extract', 'reference'], name='staged_rows_of_a_subject')],
                'constraints': [],
            },
        ),
        migrations.CreateModel(
            name='Rejection',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('extract', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='rejections', to='caseload.extract')),
                ('sheet', models.CharField(blank=True, max_length=80)),
                ('row', models.PositiveIntegerField()),
                ('column', models.CharField(blank=True, max_length=120)),
                ('reason', models.CharField(max_length=300)),
            ],
            options={
                'indexes': [],
                'constraints': [],
            },
        ),
        migrations.CreateModel(
            name='Change',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('extract', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='changes', to='caseload.extract')),
                ('table', models.CharField(max_length=40)),
                ('row', models.BigIntegerField()),
                ('before', models.JSONField(blank=True, null=True)),
                ('after', models.JSONField(blank=True, null=True)),
            ],
            options={
                'indexes': [],
                'constraints': [],
            },
        ),
        migrations.CreateModel(
            name='Link',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('whole', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='members', to='caseload.subject')),
                ('part', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='wholes', to='caseload.subject')),
                ('starts_on', models.DateField()),
                ('ends_on', models.DateField(blank=True, null=True)),
            ],
            options={
                'constraints': [models.CheckConstraint(condition=models.Q(('ends_on', None), ('ends_on__gte', models.F('starts_on')), _connector='OR'), name='a_link_ends_after_it_starts'), models.CheckConstraint(condition=models.Q(('whole', models.F('part')), _negated=True), name='a_subject_is_no_part_of_itself'), models.UniqueConstraint(condition=models.Q(('ends_on', None)), fields=('whole', 'part'), name='a_part_is_linked_once')],
                'indexes': [],
            },
        ),
        migrations.CreateModel(
            name='Episode',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('subject', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='episodes', to='caseload.subject')),
                ('preset', models.CharField(max_length=40)),
                ('list', models.CharField(max_length=40)),
                ('key', models.CharField(help_text='What tells this row from others in its list', max_length=200)),
                ('opened_on', models.DateField(blank=True, null=True)),
                ('closed_on', models.DateField(blank=True, null=True)),
                ('first_seen_on', models.DateField(help_text='The day of the first extract that showed it')),
                ('missing_since', models.DateField(blank=True, null=True)),
                ('worker', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='episodes', to=settings.AUTH_USER_MODEL)),
                ('team', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='episodes', to='people.unit')),
                ('row_digest', models.CharField(help_text="Digest of the row's mapped values, to see a change", max_length=64)),
                ('extract', models.ForeignKey(blank=True, db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='caseload.extract')),
            ],
            options={
                'indexes': [models.Index(fields=['subject', 'closed_on'], name='episodes_of_a_subject'), models.Index(condition=models.Q(('missing_since', None), _negated=True), fields=['missing_since'], name='missing_episodes')],
                'constraints': [models.UniqueConstraint(fields=('preset', 'list', 'key'), name='a_row_of_a_list_is_one_episode'), models.CheckConstraint(condition=models.Q(('closed_on', None), ('opened_on', None), ('closed_on__gte', models.F('opened_on')), _connector='OR'), name='an_episode_closes_after_it_opens')],
            },
        ),
        migrations.CreateModel(
            name='Work',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('subject', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='work', to='caseload.subject')),
                ('person', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='work', to=settings.AUTH_USER_MODEL)),
                ('unit', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='work', to='people.unit')),
                ('starts_on', models.DateField()),
                ('ends_on', models.DateField(blank=True, null=True)),
                ('basis', models.CharField(choices=[('column', 'a column of the extract'), ('first seen', 'the first extract that showed it'), ('entered', 'entered by a person')], max_length=20)),
                ('extract', models.ForeignKey(blank=True, db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='caseload.extract')),
            ],
            options={
                'indexes': [models.Index(fields=['subject', 'starts_on'], name='work_with_a_subject'), models.Index(fields=['person', 'ends_on'], name='work_of_a_person'), models.Index(fields=['unit', 'ends_on'], name='work_of_a_unit')],
                'constraints': [models.CheckConstraint(condition=models.Q(('person__isnull', False), ('unit__isnull', False), _connector='OR'), name='work_names_a_worker_or_a_team'), models.CheckConstraint(condition=models.Q(('ends_on', None), ('ends_on__gte', models.F('starts_on')), _connector='OR'), name='work_ends_after_it_starts')],
            },
        ),
        migrations.CreateModel(
            name='Fact',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('subject', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='facts', to='caseload.subject')),
                ('name', models.CharField(max_length=80)),
                ('value', models.CharField(blank=True, max_length=500)),
                ('starts_on', models.DateField()),
                ('ends_on', models.DateField(blank=True, null=True)),
                ('extract', models.ForeignKey(blank=True, db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='caseload.extract')),
            ],
            options={
                'indexes': [models.Index(fields=['subject', 'name', 'starts_on'], name='facts_of_a_subject')],
                'constraints': [models.UniqueConstraint(condition=models.Q(('ends_on', None)), fields=('subject', 'name'), name='a_fact_has_one_current_value')],
            },
        ),
    ]
