from django.db import migrations, models
from django.db.models import F, Q

_NAME = "a_renewal_is_deemed_granted_after_the_last_day"


class Migration(migrations.Migration):
    dependencies = [("certificates", "0009_deemed_renewals")]

    operations = [
        migrations.RemoveConstraint("licence", _NAME),
        migrations.AddConstraint(
            "licence",
            models.CheckConstraint(
                condition=Q(deemed_renewed_on=None)
                | Q(valid_until__isnull=False, valid_until__lt=F("deemed_renewed_on")),
                name=_NAME,
            ),
        ),
    ]
