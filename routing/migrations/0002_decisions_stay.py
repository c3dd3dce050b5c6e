from django.db import migrations


class Migration(migrations.Migration):
    """One final decision per task. Taking a decision back (撤销) will be an act of its own with rows of its own."""

    dependencies = [("routing", "0001_initial"), ("exchange", "0002_append_only")]
    operations = [
        migrations.RunSQL(
            """
            CREATE TRIGGER a_decision_stays BEFORE UPDATE OR DELETE ON routing_approvaltask
            FOR EACH ROW WHEN (OLD.status IN ('granted', 'refused', 'terminated')) EXECUTE FUNCTION forbid_change();
            """,
            "DROP TRIGGER a_decision_stays ON routing_approvaltask",
        )
    ]
