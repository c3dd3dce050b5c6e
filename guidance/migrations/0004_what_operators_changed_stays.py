from django.db import migrations


class Migration(migrations.Migration):
    """The log of what operators have changed is only written to (变更记录)."""

    dependencies = [
        ("guidance", "0003_second_review"),
        ("admin", "0003_logentry_add_action_flag_choices"),
        ("exchange", "0002_append_only"),
    ]
    operations = [
        migrations.RunSQL(
            """
            CREATE TRIGGER append_only BEFORE UPDATE OR DELETE ON django_admin_log
            FOR EACH ROW EXECUTE FUNCTION forbid_change();
            """,
            "DROP TRIGGER append_only ON django_admin_log",
        )
    ]
