from django.db import migrations

ENTRIES = ["item", "element", "theme", "question", "fact", "rule", "notice"]


def trigger(table, function):
    return migrations.RunSQL(
        f"CREATE TRIGGER published_rows_never_change BEFORE INSERT OR UPDATE OR DELETE ON {table} "
        f"FOR EACH ROW EXECUTE FUNCTION {function}()",
        f"DROP TRIGGER published_rows_never_change ON {table}",
    )


class Migration(migrations.Migration):
    """An application keeps the catalogue it was filled under, so a published release must stay as it was."""

    dependencies = [("guidance", "0001_initial")]
    operations = [
        migrations.RunSQL(
            """
            CREATE FUNCTION forbid_published(published_release bigint) RETURNS void LANGUAGE plpgsql AS $$
            BEGIN
              IF EXISTS (SELECT 1 FROM guidance_release WHERE id = published_release AND status = 'published') THEN
                RAISE EXCEPTION 'release % is published and never changes', published_release;
              END IF;
            END $$;
            CREATE FUNCTION guard_entry() RETURNS trigger LANGUAGE plpgsql AS $$
            BEGIN
              IF TG_OP <> 'INSERT' THEN PERFORM forbid_published(OLD.release_id); END IF;
              IF TG_OP = 'DELETE' THEN RETURN OLD; END IF;
              PERFORM forbid_published(NEW.release_id);
              RETURN NEW;
            END $$;
            CREATE FUNCTION guard_material() RETURNS trigger LANGUAGE plpgsql AS $$
            BEGIN
              IF TG_OP <> 'INSERT' THEN
                PERFORM forbid_published((SELECT release_id FROM guidance_item WHERE id = OLD.item_id));
              END IF;
              IF TG_OP = 'DELETE' THEN RETURN OLD; END IF;
              PERFORM forbid_published((SELECT release_id FROM guidance_item WHERE id = NEW.item_id));
              RETURN NEW;
            END $$;
            CREATE FUNCTION guard_release() RETURNS trigger LANGUAGE plpgsql AS $$
            BEGIN
              IF OLD.status = 'published' THEN RAISE EXCEPTION 'release % is published and never changes', OLD.id; END IF;
              IF TG_OP = 'DELETE' THEN RETURN OLD; END IF;
              RETURN NEW;
            END $$;
            CREATE TRIGGER published_rows_never_change BEFORE UPDATE OR DELETE ON guidance_release
            FOR EACH ROW EXECUTE FUNCTION guard_release();
            """,
            """
            DROP TRIGGER published_rows_never_change ON guidance_release;
            DROP FUNCTION guard_release(); DROP FUNCTION guard_material(); DROP FUNCTION guard_entry();
            DROP FUNCTION forbid_published(bigint);
            """,
        ),
        *(trigger(f"guidance_{name}", "guard_entry") for name in ENTRIES),
        trigger("guidance_material", "guard_material"),
    ]
