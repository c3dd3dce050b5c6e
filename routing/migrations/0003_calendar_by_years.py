from django.db import migrations


class Migration(migrations.Migration):
    """Days will belong to a year's confirmed notice; `load_calendar` brings those that come with the portal again."""

    dependencies = [("routing", "0002_decisions_stay")]
    operations = [migrations.DeleteModel("CalendarDay")]
