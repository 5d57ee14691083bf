import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('caseload', '0002_several_files_of_an_extract'),
    ]

    operations = [
        migrations.CreateModel(
            name='Link',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('starts_on', models.DateField()),
                ('ends_on', models.DateField(blank=True, null=True)),
            ],
            options={
                'constraints': [models.CheckConstraint(condition=models.Q(('ends_on', None), ('ends_on__gte', models.F('starts_on')), _connector='OR'), name='a_link_ends_after_it_starts')],
            },
        ),
        migrations.AddField(
            model_name='subject',
            name='about_staff',
            field=models.BooleanField(default=False),
        ),
        migrations.AddField(
            model_name='subject',
            name='label',
            field=models.CharField(blank=True, max_length=200),
        ),
        migrations.AddField(
            model_name='subject',
            name='source',
            field=models.CharField(blank=True, max_length=100),
        ),
        migrations.AlterField(
            model_name='subject',
            name='kind',
            field=models.CharField(default='case', max_length=80),
        ),
        migrations.AddConstraint(
            model_name='subject',
            constraint=models.UniqueConstraint(condition=models.Q(('source', ''), _negated=True), fields=('kind', 'source'), name='one_subject_stands_for_a_thing'),
        ),
        migrations.AddField(
            model_name='link',
            name='part',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='wholes', to='caseload.subject'),
        ),
        migrations.AddField(
            model_name='link',
            name='whole',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='members', to='caseload.subject'),
        ),
        migrations.AddConstraint(
            model_name='link',
            constraint=models.CheckConstraint(condition=models.Q(('whole', models.F('part')), _negated=True), name='a_subject_is_no_part_of_itself'),
        ),
        migrations.AddConstraint(
            model_name='link',
            constraint=models.UniqueConstraint(condition=models.Q(('ends_on', None)), fields=('whole', 'part'), name='a_part_is_linked_once'),
        ),
    ]
