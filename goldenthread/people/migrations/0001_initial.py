import django.db.models.deletion
import goldenthread.ledger.ids
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
    ]

    operations = [
        migrations.CreateModel(
            name='Person',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('password', models.CharField(max_length=128, verbose_name='password')),
                ('last_login', models.DateTimeField(blank=True, null=True, verbose_name='last login')),
                ('public_id', models.CharField(default=goldenthread.ledger.ids.new_id, editable=False, max_length=20, unique=True)),
                ('reference', models.CharField(blank=True, help_text="The organisation's staff number", max_length=100)),
                ('name', models.CharField(max_length=200)),
                ('email', models.EmailField(blank=True, max_length=254, null=True, unique=True)),
                ('external_id', models.CharField(blank=True, max_length=200, null=True, unique=True)),
                ('is_active', models.BooleanField(default=True)),
                ('is_administrator', models.BooleanField(default=False)),
                ('is_outside', models.BooleanField(default=False, help_text='not staff: invited to fill in one thing')),
                ('confirmed', models.BooleanField(default=True)),
                ('joined_into', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='joined', to=settings.AUTH_USER_MODEL)),
                ('invited_at', models.DateTimeField(blank=True, null=True)),
            ],
            options={
                'indexes': [models.Index(fields=['name'], name='people_by_name')],
                'constraints': [models.UniqueConstraint(condition=models.Q(('reference', ''), _negated=True), fields=('reference',), name='a_staff_number_belongs_to_one_person')],
            },
        ),
        migrations.CreateModel(
            name='Unit',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('public_id', models.CharField(default=goldenthread.ledger.ids.new_id, editable=False, max_length=20, unique=True)),
                ('reference', models.CharField(blank=True, max_length=100)),
                ('name', models.CharField(max_length=200)),
                ('kind', models.CharField(help_text="organisation, service, team, or the organisation's own word", max_length=50)),
                ('nation', models.CharField(blank=True, help_text='for bank holidays; empty means as above', max_length=30)),
                ('starts_on', models.DateField()),
                ('ends_on', models.DateField(blank=True, null=True)),
                ('confirmed', models.BooleanField(default=True)),
                ('joined_into', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='joined', to='people.unit')),
            ],
            options={
                'constraints': [models.UniqueConstraint(condition=models.Q(('reference', ''), _negated=True), fields=('reference',), name='a_unit_reference_names_one_unit'), models.CheckConstraint(condition=models.Q(('ends_on', None), ('ends_on__gte', models.F('starts_on')), _connector='OR'), name='a_unit_ends_after_it_starts')],
                'indexes': [],
            },
        ),
        migrations.CreateModel(
            name='Closure',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('day', models.DateField(unique=True)),
                ('name', models.CharField(max_length=120)),
            ],
            options={
                'indexes': [],
                'constraints': [],
            },
        ),
        migrations.CreateModel(
            name='Placement',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('unit', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='placements', to='people.unit')),
                ('parent', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='children', to='people.unit')),
                ('starts_on', models.DateField()),
                ('ends_on', models.DateField(blank=True, null=True)),
            ],
            options={
                'constraints': [models.CheckConstraint(condition=models.Q(('unit', models.F('parent')), _negated=True), name='a_unit_is_not_its_own_parent'), models.CheckConstraint(condition=models.Q(('ends_on', None), ('ends_on__gte', models.F('starts_on')), _connector='OR'), name='a_placement_ends_after_it_starts')],
                'indexes': [],
            },
        ),
        migrations.CreateModel(
            name='Reach',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('unit', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='reaches', to='people.unit')),
                ('above', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='reached_by', to='people.unit')),
                ('depth', models.PositiveSmallIntegerField()),
                ('starts_on', models.DateField()),
                ('ends_on', models.DateField(blank=True, null=True)),
            ],
            options={
                'indexes': [models.Index(fields=['unit', 'above'], name='reach_up'), models.Index(fields=['above', 'unit'], name='reach_down')],
                'constraints': [],
            },
        ),
        migrations.CreateModel(
            name='Post',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('person', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='posts', to=settings.AUTH_USER_MODEL)),
                ('kind', models.CharField(max_length=80)),
                ('unit', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='posts', to='people.unit')),
                ('starts_on', models.DateField()),
                ('ends_on', models.DateField(blank=True, null=True)),
            ],
            options={
                'indexes': [models.Index(fields=['person', 'kind'], name='posts_of_a_person'), models.Index(fields=['kind', 'unit'], name='holders_of_a_post')],
                'constraints': [models.CheckConstraint(condition=models.Q(('ends_on', None), ('ends_on__gte', models.F('starts_on')), _connector='OR'), name='a_post_ends_after_it_starts'), models.UniqueConstraint(fields=('person', 'kind', 'unit', 'starts_on'), name='a_post_is_recorded_once')],
            },
        ),
        migrations.CreateModel(
            name='Training',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('person', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='training', to=settings.AUTH_USER_MODEL)),
                ('course', models.CharField(max_length=120)),
                ('completed_on', models.DateField()),
                ('expires_on', models.DateField(blank=True, null=True)),
            ],
            options={
                'constraints': [models.CheckConstraint(condition=models.Q(('expires_on', None), ('expires_on__gte', models.F('completed_on')), _connector='OR'), name='training_expires_after_it_is_completed'), models.UniqueConstraint(fields=('person', 'course', 'completed_on'), name='training_is_recorded_once')],
                'indexes': [],
            },
        ),
        migrations.CreateModel(
            name='Leave',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('person', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='leave', to=settings.AUTH_USER_MODEL)),
                ('starts_on', models.DateField()),
                ('ends_on', models.DateField()),
            ],
            options={
                'constraints': [models.CheckConstraint(condition=models.Q(('ends_on__gte', models.F('starts_on'))), name='leave_ends_after_it_starts'), models.UniqueConstraint(fields=('person', 'starts_on'), name='leave_is_recorded_once')],
                'indexes': [],
            },
        ),
        migrations.CreateModel(
            name='OutsideParticipant',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('person', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='invitations', to=settings.AUTH_USER_MODEL)),
                ('organisation', models.CharField(max_length=200)),
                ('about_kind', models.CharField(max_length=40)),
                ('about_id', models.CharField(max_length=20)),
                ('about_label', models.CharField(max_length=200)),
                ('invited_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('invited_at', models.DateTimeField()),
                ('starts_on', models.DateField()),
                ('ends_on', models.DateField(blank=True, null=True)),
                ('withdrawn_at', models.DateTimeField(blank=True, null=True)),
            ],
            options={
                'constraints': [models.CheckConstraint(condition=models.Q(('ends_on', None), ('ends_on__gte', models.F('starts_on')), _connector='OR'), name='an_invitation_ends_after_it_starts'), models.UniqueConstraint(condition=models.Q(('withdrawn_at', None)), fields=('about_kind', 'about_id'), name='one_person_from_outside_is_invited_to_a_record')],
                'indexes': [],
            },
        ),
    ]
