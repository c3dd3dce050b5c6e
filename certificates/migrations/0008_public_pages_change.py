from django.db import migrations

# Each statement's rows once as they were and once as they are: a code that was replaced must be forgotten too.
_TRIGGERS = {
    "certificates_licence": [("INSERT", "NEW"), ("UPDATE", "OLD"), ("UPDATE", "NEW")],
    "licensing_enterprise": [("UPDATE", "OLD"), ("UPDATE", "NEW"), ("DELETE", "OLD")],
    "licensing_premises": [("UPDATE", "NEW")],
}
_FUNCTION = """
    CREATE FUNCTION tell_that_public_pages_changed() RETURNS trigger LANGUAGE plpgsql AS $$
    DECLARE tokens text[];
    BEGIN
      -- One more than are named one by one; of many at once, as when licences are imported, only that there are many.
      IF TG_TABLE_NAME = 'licensing_enterprise' THEN
        tokens := ARRAY(SELECT public_token FROM changed LIMIT 21);
      ELSIF TG_TABLE_NAME = 'licensing_premises' THEN
        tokens := ARRAY(SELECT public_token FROM licensing_enterprise
                        WHERE id IN (SELECT DISTINCT enterprise_id FROM changed LIMIT 21));
      ELSE
        tokens := ARRAY(SELECT public_token FROM licensing_enterprise
                        WHERE id IN (SELECT DISTINCT holder_id FROM changed LIMIT 21));
      END IF;
      IF cardinality(tokens) > 20 THEN
        PERFORM pg_notify('public_pages', '*');
      ELSE
        PERFORM pg_notify('public_pages', token) FROM unnest(tokens) token;
      END IF;
      RETURN NULL;
    END $$;
"""


def _name(act, row):
    return f"public_pages_hear_of_{act.lower()}_{row.lower()}"


def _create():
    for table, moments in _TRIGGERS.items():
        for act, row in moments:
            yield (
                f"CREATE TRIGGER {_name(act, row)} AFTER {act} ON {table} REFERENCING {row} TABLE AS changed "
                "FOR EACH STATEMENT EXECUTE FUNCTION tell_that_public_pages_changed();"
            )


def _drop():
    for table, moments in _TRIGGERS.items():
        for act, row in moments:
            yield f"DROP TRIGGER {_name(act, row)} ON {table};"


class Migration(migrations.Migration):
    """A change that a public page shows is told to the processes that keep rendered pages, when it commits."""

    dependencies = [("certificates", "0007_what_was_made_stays"), ("licensing", "0010_reissues")]
    operations = [
        migrations.RunSQL(
            [_FUNCTION, *_create()],
            [*_drop(), "DROP FUNCTION tell_that_public_pages_changed();"],
        )
    ]
