from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("certificates", "0001_initial"), ("exchange", "0002_append_only")]
    operations = [
        migrations.RunSQL(
            """
            CREATE TRIGGER append_only BEFORE UPDATE OR DELETE ON certificates_licenceevent
            FOR EACH ROW EXECUTE FUNCTION forbid_change();
            """,
            "DROP TRIGGER append_only ON certificates_licenceevent",
        )
    ]
