from django.db import migrations

# What was signed stays as it was signed, and a place of business stays with its own enterprise: held by the database,
# so that no code path and no shell can forget it.


class Migration(migrations.Migration):
    dependencies = [("licensing", "0002_append_only")]
    operations = [
        migrations.RunSQL(
            """
            CREATE FUNCTION forbid_unsigning() RETURNS trigger LANGUAGE plpgsql AS $$
            BEGIN
              IF TG_OP = 'DELETE' THEN RAISE EXCEPTION 'application % is submitted and never deleted', OLD.id; END IF;
              IF NEW.status = 'draft' OR
                (NEW.number, NEW.snapshot, NEW.snapshot_sha256, NEW.enterprise_id, NEW.premises_id, NEW.release_id)
                IS DISTINCT FROM
                (OLD.number, OLD.snapshot, OLD.snapshot_sha256, OLD.enterprise_id, OLD.premises_id, OLD.release_id)
              THEN RAISE EXCEPTION 'application % is submitted: what was signed never changes', OLD.id; END IF;
              RETURN NEW;
            END $$;
            CREATE TRIGGER what_was_signed_stays BEFORE UPDATE OR DELETE ON licensing_application
            FOR EACH ROW WHEN (OLD.status <> 'draft') EXECUTE FUNCTION forbid_unsigning();
            """,
            """
            DROP TRIGGER what_was_signed_stays ON licensing_application;
            DROP FUNCTION forbid_unsigning();
            """,
        ),
        migrations.RunSQL(
            """
            ALTER TABLE licensing_premises ADD CONSTRAINT premises_with_their_enterprise UNIQUE (id, enterprise_id);
            ALTER TABLE licensing_application ADD CONSTRAINT premises_are_the_enterprises_own
            FOREIGN KEY (premises_id, enterprise_id) REFERENCES licensing_premises (id, enterprise_id)
            DEFERRABLE INITIALLY DEFERRED;
            """,
            """
            ALTER TABLE licensing_application DROP CONSTRAINT premises_are_the_enterprises_own;
            ALTER TABLE licensing_premises DROP CONSTRAINT premises_with_their_enterprise;
            """,
        ),
    ]
