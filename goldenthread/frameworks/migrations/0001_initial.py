import django.db.models.deletion
import goldenthread.ledger.ids
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('people', '__first__'),
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
        ),
        migrations.CreateModel(
            name='Version',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('public_id', models.CharField(default=goldenthread.ledger.ids.new_id, editable=False, max_length=20, unique=True)),
                ('number', models.PositiveIntegerField()),
                ('document', models.TextField()),
                ('sha256', models.CharField(max_length=64)),
                ('reason', models.CharField(blank=True, max_length=500)),
                ('effective_on', models.DateField()),
                ('published_at', models.DateTimeField()),
                ('framework', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='versions', to='frameworks.framework')),
                ('published_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('framework', 'number'), name='versions_of_a_framework_are_numbered')],
            },
        ),
        migrations.CreateModel(
            name='Grant',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('role', models.CharField(max_length=80)),
                ('post', models.CharField(max_length=80)),
                ('scope', models.CharField(choices=[('unit', "over the subject's unit"), ('anywhere', 'anywhere')], max_length=10)),
                ('permission', models.CharField(max_length=40)),
                ('version', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='grants', to='frameworks.version')),
            ],
            options={
                'indexes': [models.Index(fields=['permission', 'post'], name='grants_of_a_permission')],
                'constraints': [models.UniqueConstraint(fields=('version', 'role', 'post', 'permission'), name='a_role_is_granted_a_permission_once'), models.CheckConstraint(condition=models.Q(('post', ''), _negated=True), name='a_grant_names_a_post')],
            },
        ),
    ]
