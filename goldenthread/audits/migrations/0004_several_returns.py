import django.db.models.deletion
import goldenthread.ledger.ids
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('audits', '0003_rows_of_a_form'),
        ('people', '__first__'),
    ]

    operations = [
        migrations.CreateModel(
            name='Return',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('public_id', models.CharField(default=goldenthread.ledger.ids.new_id, editable=False, max_length=20, unique=True)),
                ('key', models.CharField(max_length=80)),
                ('given_by', models.CharField(blank=True, max_length=200)),
                ('organisation', models.CharField(blank=True, max_length=200)),
                ('state', models.CharField(choices=[('begun', 'Not sent in yet'), ('sent in', 'Sent in'), ('not coming', 'Not coming')], default='begun', max_length=10)),
                ('skipped_sections', models.JSONField(blank=True, default=list)),
                ('begun_at', models.DateTimeField()),
                ('settled_at', models.DateTimeField(blank=True, help_text='when it was sent in, or given up', null=True)),
                ('why', models.TextField(blank=True, help_text='why it is not coming')),
            ],
            options={
                'constraints': [models.CheckConstraint(condition=models.Q(models.Q(('state', 'not coming'), _negated=True), models.Q(('why', ''), _negated=True), _connector='OR'), name='a_return_not_coming_says_why')],
            },
        ),
        migrations.RemoveConstraint(
            model_name='answer',
            name='a_question_has_one_answer',
        ),
        migrations.RemoveConstraint(
            model_name='judgement',
            name='a_judgement_is_versioned',
        ),
        migrations.RemoveConstraint(
            model_name='judgement',
            name='one_judgement_is_current',
        ),
        migrations.RemoveConstraint(
            model_name='judgement',
            name='a_judgement_is_saved_once',
        ),
        migrations.AddField(
            model_name='return',
            name='audit',
            field=models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='returns', to='audits.audit'),
        ),
        migrations.AddField(
            model_name='return',
            name='person',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='return',
            name='settled_by',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='answer',
            name='in_return',
            field=models.ForeignKey(blank=True, db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='audits.return'),
        ),
        migrations.AddField(
            model_name='judgement',
            name='in_return',
            field=models.ForeignKey(blank=True, db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='audits.return'),
        ),
        migrations.AddConstraint(
            model_name='answer',
            constraint=models.UniqueConstraint(condition=models.Q(('in_return', None), ('row', None)), fields=('audit', 'question'), name='a_question_has_one_answer'),
        ),
        migrations.AddConstraint(
            model_name='answer',
            constraint=models.UniqueConstraint(condition=models.Q(('in_return__isnull', False)), fields=('in_return', 'question'), name='a_question_has_one_answer_in_a_return'),
        ),
        migrations.AddConstraint(
            model_name='judgement',
            constraint=models.UniqueConstraint(condition=models.Q(('in_return', None)), fields=('audit', 'part', 'stage', 'version'), name='a_judgement_is_versioned'),
        ),
        migrations.AddConstraint(
            model_name='judgement',
            constraint=models.UniqueConstraint(condition=models.Q(('in_return', None), ('is_current', True)), fields=('audit', 'part', 'stage'), name='one_judgement_is_current'),
        ),
        migrations.AddConstraint(
            model_name='judgement',
            constraint=models.UniqueConstraint(condition=models.Q(models.Q(('key', ''), _negated=True), ('in_return', None)), fields=('audit', 'part', 'stage', 'key'), name='a_judgement_is_saved_once'),
        ),
        migrations.AddConstraint(
            model_name='judgement',
            constraint=models.UniqueConstraint(condition=models.Q(('in_return__isnull', False)), fields=('in_return', 'part', 'version'), name='a_judgement_in_a_return_is_versioned'),
        ),
        migrations.AddConstraint(
            model_name='judgement',
            constraint=models.UniqueConstraint(condition=models.Q(('in_return__isnull', False), ('is_current', True)), fields=('in_return', 'part'), name='one_judgement_is_current_in_a_return'),
        ),
        migrations.AddConstraint(
            model_name='return',
            constraint=models.UniqueConstraint(fields=('audit', 'key'), name='an_audit_has_a_return_once'),
        ),
        migrations.AddConstraint(
            model_name='return',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('settled_at', None), ('settled_by', None), ('state', 'begun')), models.Q(models.Q(('state', 'begun'), _negated=True), ('settled_at__isnull', False), ('settled_by__isnull', False)), _connector='OR'), name='a_return_that_is_settled_says_when_and_by_whom'),
        ),
    ]
