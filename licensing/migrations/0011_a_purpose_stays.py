from django.db import migrations

_COLUMNS = "number, snapshot, snapshot_sha256, enterprise_id, premises_id, release_id"


def _forbidding(columns):
    of = {row: ", ".join(f"{row}.{column.strip()}" for column in columns.split(",")) for row in ("NEW", "OLD")}
    return f"""
        CREATE OR REPLACE FUNCTION forbid_unsigning() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN
          IF TG_OP = 'DELETE' THEN RAISE EXCEPTION 'application % is submitted and never deleted', OLD.id; END IF;
          IF NEW.status = 'draft' OR ({of["NEW"]}) IS DISTINCT FROM ({of["OLD"]})
          THEN RAISE EXCEPTION 'application % is submitted: what was signed never changes', OLD.id; END IF;
          RETURN NEW;
        END $$;
    """


class Migration(migrations.Migration):
    """What a submitted application is for, and the licence that it is about, stay too."""

    dependencies = [("licensing", "0010_reissues"), ("licensing", "0003_submitted_applications_stay")]
    operations = [migrations.RunSQL(_forbidding(_COLUMNS + ", purpose, prior"), _forbidding(_COLUMNS))]
