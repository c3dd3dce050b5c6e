from django.db import migrations


class Migration(migrations.Migration):
    """What was decided or issued about an ending never changes, and an ended licence does not come back to life.

    Whoever wins an appeal gets a new version of the licence, with a log of its own: that it was ended stays true.
    """

    dependencies = [("certificates", "0004_endings"), ("exchange", "0002_append_only")]
    operations = [
        migrations.RunSQL(
            """
            CREATE TRIGGER append_only BEFORE UPDATE OR DELETE ON certificates_ending
            FOR EACH ROW EXECUTE FUNCTION forbid_change();
            CREATE TRIGGER a_settled_ending_stays BEFORE UPDATE OR DELETE ON certificates_endingproposal
            FOR EACH ROW WHEN (OLD.settled_at IS NOT NULL) EXECUTE FUNCTION forbid_change();
            CREATE TRIGGER an_ended_licence_stays_ended BEFORE UPDATE ON certificates_licence
            FOR EACH ROW WHEN (
                OLD.status IN ('annulled', 'withdrawn', 'revoked', 'cancelled')
                AND NEW.status <> OLD.status
                AND (NEW.status <> 'cancelled' OR OLD.status = 'cancelled')
            ) EXECUTE FUNCTION forbid_change();
            """,
            """
            DROP TRIGGER an_ended_licence_stays_ended ON certificates_licence;
            DROP TRIGGER a_settled_ending_stays ON certificates_endingproposal;
            DROP TRIGGER append_only ON certificates_ending;
            """,
        )
    ]
