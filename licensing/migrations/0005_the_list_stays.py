from django.db import migrations


class Migration(migrations.Migration):
    """An entry of the untrustworthy list is ended by `until`, never deleted or rewritten: decisions rested on it."""

    dependencies = [("licensing", "0004_promises_and_deferrals"), ("exchange", "0002_append_only")]
    operations = [
        migrations.RunSQL(
            """
            CREATE TRIGGER an_entry_is_never_deleted BEFORE DELETE ON licensing_untrustworthyentry
            FOR EACH ROW EXECUTE FUNCTION forbid_change();
            CREATE TRIGGER only_the_end_of_an_entry_changes BEFORE UPDATE ON licensing_untrustworthyentry
            FOR EACH ROW WHEN (
                (NEW.uscc, NEW.name, NEW.reason, NEW.source, NEW.listed_on, NEW.entered_by_id, NEW.entered_at)
                IS DISTINCT FROM
                (OLD.uscc, OLD.name, OLD.reason, OLD.source, OLD.listed_on, OLD.entered_by_id, OLD.entered_at)
            ) EXECUTE FUNCTION forbid_change();
            """,
            """
            DROP TRIGGER only_the_end_of_an_entry_changes ON licensing_untrustworthyentry;
            DROP TRIGGER an_entry_is_never_deleted ON licensing_untrustworthyentry;
            """,
        )
    ]
