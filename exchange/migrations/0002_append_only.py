from django.db import migrations

# Rows that prove something are only ever added. Held by the database, so that no code path and no shell can forget it.
# TRUNCATE is not caught: test databases are emptied by it, and the portal's role in production need not have the right.


class Migration(migrations.Migration):
    dependencies = [("exchange", "0001_initial")]
    operations = [
        migrations.RunSQL(
            """
            CREATE FUNCTION forbid_change() RETURNS trigger LANGUAGE plpgsql AS $$
            BEGIN RAISE EXCEPTION 'rows of % are never changed or deleted', TG_TABLE_NAME; END $$;
            """,
            "DROP FUNCTION forbid_change()",
        )
    ]
