from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('programmes', '0006_numbers_have_no_share'),
    ]

    operations = [
        migrations.AddConstraint(
            model_name='reauditdraw',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('number__isnull', False), ('share', None)), models.Q(('number', None), ('share__isnull', False)), _connector='OR'), name='re_audits_are_drawn_by_a_share_or_a_number'),
        ),
    ]
