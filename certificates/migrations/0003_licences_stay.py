from django.db import migrations


class Migration(migrations.Migration):
    """A licence is never deleted, and is for a place of its own holder."""

    dependencies = [
        ("certificates", "0002_append_only"),
        ("exchange", "0002_append_only"),
        ("licensing", "0003_submitted_applications_stay"),
    ]
    operations = [
        migrations.RunSQL(
            """
            CREATE TRIGGER a_licence_stays BEFORE DELETE ON certificates_licence
            FOR EACH ROW EXECUTE FUNCTION forbid_change();
            ALTER TABLE certificates_licence ADD CONSTRAINT premises_are_the_holders_own
            FOREIGN KEY (premises_id, holder_id) REFERENCES licensing_premises (id, enterprise_id)
            DEFERRABLE INITIALLY DEFERRED;
            """,
            """
            ALTER TABLE certificates_licence DROP CONSTRAINT premises_are_the_holders_own;
            DROP TRIGGER a_licence_stays ON certificates_licence;
            """,
        )
    ]
