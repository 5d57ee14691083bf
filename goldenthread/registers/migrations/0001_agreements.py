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
            name='Agreement',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('public_id', models.CharField(default=goldenthread.ledger.ids.new_id, editable=False, max_length=20, unique=True)),
                ('kind', models.CharField(max_length=80)),
                ('revision', models.PositiveIntegerField(default=1)),
                ('begun_at', models.DateTimeField()),
                ('signed_at', models.DateTimeField(blank=True, help_text='when the last signature was given', null=True)),
                ('ended_at', models.DateTimeField(blank=True, null=True)),
                ('begun_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('framework', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='frameworks.framework')),
                ('unit', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='people.unit')),
                ('version', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='frameworks.version')),
            ],
            options={
                'constraints': [models.UniqueConstraint(condition=models.Q(('ended_at', None), ('signed_at__isnull', False)), fields=('framework', 'kind', 'unit'), name='a_unit_has_one_agreement_of_a_kind_in_force'), models.UniqueConstraint(condition=models.Q(('ended_at', None), ('signed_at', None)), fields=('framework', 'kind', 'unit'), name='a_unit_agrees_on_one_of_a_kind_at_a_time')],
            },
        ),
        migrations.CreateModel(
            name='Item',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('public_id', models.CharField(default=goldenthread.ledger.ids.new_id, editable=False, max_length=20, unique=True)),
                ('position', models.PositiveSmallIntegerField()),
                ('key', models.CharField(blank=True, max_length=80)),
                ('label', models.CharField(max_length=150)),
                ('method', models.CharField(max_length=150)),
                ('every', models.CharField(max_length=40)),
                ('agreement', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='items', to='registers.agreement')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('agreement', 'label'), name='an_item_is_agreed_once')],
            },
        ),
        migrations.CreateModel(
            name='Check',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('checked_on', models.DateField()),
                ('cases', models.PositiveIntegerField()),
                ('wrong', models.PositiveIntegerField()),
                ('put_right', models.PositiveIntegerField()),
                ('note', models.TextField(blank=True)),
                ('checked_at', models.DateTimeField()),
                ('checked_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('item', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='checks', to='registers.item')),
            ],
            options={
                'indexes': [models.Index(fields=['item', '-checked_on'], name='checks_of_an_item')],
                'constraints': [models.CheckConstraint(condition=models.Q(('wrong__lte', models.F('cases'))), name='no_more_are_wrong_than_were_checked'), models.CheckConstraint(condition=models.Q(('put_right__lte', models.F('wrong'))), name='no_more_are_put_right_than_were_wrong')],
            },
        ),
        migrations.CreateModel(
            name='Signature',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('role', models.CharField(max_length=80)),
                ('signed_at', models.DateTimeField()),
                ('agreement', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='signatures', to='registers.agreement')),
                ('person', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('agreement', 'role'), name='an_agreement_is_signed_once_in_a_role'), models.UniqueConstraint(fields=('agreement', 'person'), name='an_agreement_is_signed_once_by_a_person')],
            },
        ),
    ]
