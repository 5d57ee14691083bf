import django.db.models.deletion
import goldenthread.ledger.ids
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('frameworks', '0001_initial'),
        ('people', '0001_initial'),
    ]

    operations = [
        migrations.CreateModel(
            name='Task',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('public_id', models.CharField(default=goldenthread.ledger.ids.new_id, editable=False, max_length=20, unique=True)),
                ('kind', models.CharField(help_text="the clock's name in the framework", max_length=80)),
                ('title', models.CharField(max_length=200)),
                ('about_kind', models.CharField(max_length=40)),
                ('about_id', models.CharField(max_length=20)),
                ('about_label', models.CharField(max_length=200)),
                ('version', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='frameworks.version')),
                ('role', models.CharField(blank=True, max_length=80)),
                ('person', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='tasks', to=settings.AUTH_USER_MODEL)),
                ('post', models.CharField(blank=True, max_length=80)),
                ('unit', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='people.unit')),
                ('started_at', models.DateTimeField()),
                ('due_at', models.DateTimeField()),
                ('warn_at', models.DateTimeField(blank=True, help_text='from when the daily reminder counts it as due soon', null=True)),
                ('reason', models.CharField(max_length=500)),
                ('unpaused_due_at', models.DateTimeField(blank=True, help_text='when it was due before its clock stood still', null=True)),
                ('urgent', models.BooleanField(default=False)),
                ('finished_at', models.DateTimeField(blank=True, null=True)),
                ('finished_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('cancelled_at', models.DateTimeField(blank=True, null=True)),
            ],
            options={
                'indexes': [models.Index(condition=models.Q(('cancelled_at', None), ('finished_at', None)), fields=['person', 'due_at'], name='open_tasks_of_a_person'), models.Index(condition=models.Q(('cancelled_at', None), ('finished_at', None)), fields=['post', 'due_at'], name='open_tasks_of_a_post'), models.Index(fields=['finished_by', 'finished_at'], name='tasks_done_by_a_person'), models.Index(fields=['about_kind', 'about_id'], name='tasks_about_a_record')],
                'constraints': [models.CheckConstraint(condition=models.Q(('person__isnull', False), models.Q(('post', ''), _negated=True), _connector='OR'), name='a_task_is_owed_by_a_person_or_a_post'), models.CheckConstraint(condition=models.Q(('finished_at', None), ('cancelled_at', None), _connector='OR'), name='a_task_is_not_both_done_and_cancelled'), models.UniqueConstraint(condition=models.Q(('cancelled_at', None), ('finished_at', None), ('person__isnull', False)), fields=('kind', 'about_kind', 'about_id', 'role', 'person'), name='a_person_owes_a_thing_once'), models.UniqueConstraint(condition=models.Q(('cancelled_at', None), ('finished_at', None), ('person', None)), fields=('kind', 'about_kind', 'about_id', 'role'), name='a_post_owes_a_thing_once')],
            },
        ),
        migrations.CreateModel(
            name='Notice',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('public_id', models.CharField(default=goldenthread.ledger.ids.new_id, editable=False, max_length=20, unique=True)),
                ('key', models.CharField(max_length=200, unique=True)),
                ('to', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='notices', to=settings.AUTH_USER_MODEL)),
                ('about_kind', models.CharField(max_length=40)),
                ('about_id', models.CharField(max_length=20)),
                ('subject', models.CharField(max_length=200)),
                ('text', models.TextField()),
                ('path', models.CharField(help_text='Where the link leads within the site', max_length=200)),
                ('urgent', models.BooleanField(default=False)),
                ('created_at', models.DateTimeField()),
                ('sent_at', models.DateTimeField(blank=True, null=True)),
                ('given_up_at', models.DateTimeField(blank=True, null=True)),
                ('not_before', models.DateTimeField(blank=True, null=True)),
                ('held', models.CharField(blank=True, help_text='what it waits for, if it waits', max_length=20)),
                ('attempts', models.PositiveSmallIntegerField(default=0)),
                ('last_error', models.CharField(blank=True, max_length=300)),
            ],
            options={
                'indexes': [models.Index(condition=models.Q(('given_up_at', None), ('sent_at', None)), fields=['created_at'], name='notices_waiting'), models.Index(fields=['to', 'created_at'], name='notices_of_a_person'), models.Index(fields=['about_kind', 'about_id'], name='notices_about_a_record'), models.Index(condition=models.Q(('sent_at', None), models.Q(('last_error', ''), _negated=True)), fields=['created_at'], name='notices_undelivered')],
                'constraints': [models.CheckConstraint(condition=models.Q(('sent_at', None), ('given_up_at', None), _connector='OR'), name='a_notice_is_not_both_sent_and_given_up'), models.CheckConstraint(condition=models.Q(('given_up_at', None), models.Q(('last_error', ''), _negated=True), _connector='OR'), name='a_notice_given_up_says_why'), models.CheckConstraint(condition=models.Q(('held', ''), models.Q(('not_before__isnull', False), ('urgent', False)), _connector='OR'), name='a_held_notice_is_not_urgent_and_says_until_when')],
            },
        ),
        migrations.CreateModel(
            name='NoticeChoices',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('person', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='notice_choices', to=settings.AUTH_USER_MODEL)),
                ('digest', models.JSONField(default=list, help_text='groups of notices that come once a day')),
                ('quiet_from', models.TimeField(blank=True, null=True)),
                ('quiet_until', models.TimeField(blank=True, null=True)),
                ('chosen_at', models.DateTimeField()),
            ],
            options={
                'constraints': [models.CheckConstraint(condition=models.Q(models.Q(('quiet_from', None), ('quiet_until', None)), models.Q(('quiet_from__isnull', False), ('quiet_until__isnull', False), models.Q(('quiet_from', models.F('quiet_until')), _negated=True)), _connector='OR'), name='quiet_hours_begin_and_end')],
                'indexes': [],
            },
        ),
        migrations.CreateModel(
            name='ReminderDay',
            fields=[
                ('on', models.DateField(primary_key=True, serialize=False)),
                ('written_at', models.DateTimeField()),
                ('told', models.PositiveIntegerField(help_text='how many people')),
            ],
            options={
                'indexes': [],
                'constraints': [],
            },
        ),
    ]
