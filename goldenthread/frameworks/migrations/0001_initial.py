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
            name='Framework',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('public_id', models.CharField(default=goldenthread.ledger.ids.new_id, editable=False, max_length=20, unique=True)),
                ('key', models.CharField(max_length=60, unique=True)),
                ('title', models.CharField(max_length=200)),
            ],
            options={
                'indexes': [],
                'constraints': [],
            },
        ),
        migrations.CreateModel(
            name='Publishing',
            fields=[
                ('only', models.BooleanField(default=True, editable=False, primary_key=True, serialize=False)),
                ('two_people', models.BooleanField(default=False)),
                ('set_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('set_at', models.DateTimeField()),
            ],
            options={
                'constraints': [models.CheckConstraint(condition=models.Q(('only', True)), name='there_is_one_way_of_publishing')],
                'indexes': [],
            },
        ),
        migrations.CreateModel(
            name='Version',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('public_id', models.CharField(default=goldenthread.ledger.ids.new_id, editable=False, max_length=20, unique=True)),
                ('framework', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='versions', to='frameworks.framework')),
                ('number', models.PositiveIntegerField()),
                ('document', models.TextField()),
                ('sha256', models.CharField(max_length=64)),
                ('reason', models.CharField(blank=True, max_length=500)),
                ('effective_on', models.DateField()),
                ('published_at', models.DateTimeField()),
                ('published_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('framework', 'number'), name='versions_of_a_framework_are_numbered')],
                'indexes': [],
            },
        ),
        migrations.CreateModel(
            name='Remit',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('framework', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='remits', to='frameworks.framework')),
                ('starts_on', models.DateField()),
                ('reason', models.CharField(max_length=500)),
                ('set_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('set_at', models.DateTimeField()),
                ('units', models.ManyToManyField(related_name='+', to='people.unit')),
            ],
            options={
                'constraints': [models.CheckConstraint(condition=models.Q(('reason', ''), _negated=True), name='a_choice_of_units_says_why')],
                'indexes': [],
            },
        ),
        migrations.CreateModel(
            name='Draft',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('public_id', models.CharField(default=goldenthread.ledger.ids.new_id, editable=False, max_length=20, unique=True)),
                ('title', models.CharField(max_length=200)),
                ('document', models.TextField()),
                ('based_on', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='frameworks.version')),
                ('state', models.CharField(choices=[('written', 'being written'), ('offered', 'waiting for a second person'), ('published', 'published'), ('discarded', 'discarded')], default='written', max_length=10)),
                ('revision', models.PositiveIntegerField(default=1)),
                ('begun_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('begun_at', models.DateTimeField()),
                ('saved_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('saved_at', models.DateTimeField()),
                ('offered_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('offered_at', models.DateTimeField(blank=True, null=True)),
                ('effective_on', models.DateField(blank=True, null=True)),
                ('reason', models.CharField(blank=True, max_length=500)),
            ],
            options={
                'constraints': [models.CheckConstraint(condition=models.Q(models.Q(('effective_on', None), ('offered_at', None), ('offered_by', None)), models.Q(('effective_on__isnull', False), ('offered_at__isnull', False), ('offered_by__isnull', False)), _connector='OR'), name='an_offer_says_who_when_and_from_which_day'), models.CheckConstraint(condition=models.Q(models.Q(('state', 'offered'), _negated=True), ('offered_at__isnull', False), _connector='OR'), name='an_offered_draft_was_offered')],
                'indexes': [],
            },
        ),
        migrations.CreateModel(
            name='Grant',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('version', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='grants', to='frameworks.version')),
                ('role', models.CharField(max_length=80)),
                ('post', models.CharField(max_length=80)),
                ('scope', models.CharField(choices=[('unit', "over the subject's unit"), ('anywhere', 'anywhere')], max_length=10)),
                ('permission', models.CharField(max_length=40)),
            ],
            options={
                'indexes': [models.Index(fields=['permission', 'post'], name='grants_of_a_permission')],
                'constraints': [models.UniqueConstraint(fields=('version', 'role', 'post', 'permission'), name='a_role_is_granted_a_permission_once'), models.CheckConstraint(condition=models.Q(('post', ''), _negated=True), name='a_grant_names_a_post')],
            },
        ),
        migrations.CreateModel(
            name='BroughtIn',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('draft', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='brought_in', to='frameworks.draft')),
                ('form', models.CharField(help_text='its name in the draft when it was brought in', max_length=80)),
                ('left_out', models.JSONField(blank=True, default=list, help_text='a sentence for each thing not applied')),
                ('brought_by', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('brought_at', models.DateTimeField()),
            ],
            options={
                'indexes': [],
                'constraints': [],
            },
        ),
    ]
