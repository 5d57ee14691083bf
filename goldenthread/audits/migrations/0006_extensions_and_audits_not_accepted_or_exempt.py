import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('audits', '0005_holds_and_gates'),
        ('caseload', '0002_several_files_of_an_extract'),
        ('frameworks', '0003_drafts'),
        ('people', '0001_initial'),
        ('people', '__first__'),
    ]

    operations = [
        migrations.CreateModel(
            name='Extension',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('until', models.DateField()),
                ('why', models.CharField(max_length=300)),
                ('role', models.CharField(max_length=80)),
                ('given_at', models.DateTimeField()),
            ],
            options={
                'constraints': [models.CheckConstraint(condition=models.Q(('why', ''), _negated=True), name='an_extension_says_why')],
            },
        ),
        migrations.AddField(
            model_name='audit',
            name='extended_to',
            field=models.DateField(blank=True, help_text='the day until which longer was given', null=True),
        ),
        migrations.AddField(
            model_name='audit',
            name='stopped_as',
            field=models.CharField(blank=True, help_text='what figures call it, if it was stopped: not accepted, exempt', max_length=20),
        ),
        migrations.AlterField(
            model_name='qualitycheck',
            name='outcome',
            field=models.CharField(choices=[('accepted', 'Accepted'), ('returned', 'Returned with points'), ('not accepted', 'Not accepted')], max_length=20),
        ),
        migrations.AddConstraint(
            model_name='audit',
            constraint=models.CheckConstraint(condition=models.Q(('extended_to', None), ('extended_to__gt', models.F('cycle_closes_on')), _connector='OR'), name='an_extension_is_longer_than_the_cycle'),
        ),
        migrations.AddConstraint(
            model_name='audit',
            constraint=models.CheckConstraint(condition=models.Q(('stopped_as', ''), ('phase', 'stopped'), _connector='OR'), name='only_a_stopped_audit_is_stopped_as'),
        ),
        migrations.AddField(
            model_name='extension',
            name='audit',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='extensions', to='audits.audit'),
        ),
        migrations.AddField(
            model_name='extension',
            name='given_by',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
    ]
