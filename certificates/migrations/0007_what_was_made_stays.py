from django.db import migrations


class Migration(migrations.Migration):
    """A look-up stays on record, a file as it was made, a key as it was registered, an identifier once given."""

    dependencies = [("certificates", "0006_register"), ("exchange", "0002_append_only")]
    operations = [
        migrations.RunSQL(
            """
            CREATE TRIGGER append_only BEFORE UPDATE OR DELETE ON certificates_officiallookup
            FOR EACH ROW EXECUTE FUNCTION forbid_change();

            CREATE TRIGGER a_made_file_stays BEFORE UPDATE ON certificates_licencefile
            FOR EACH ROW WHEN (
                OLD.made_at IS NOT NULL
                AND (OLD.licence_id, OLD.made_at, OLD.data, OLD.key_id, OLD.algorithm, OLD.signature, OLD.content,
                    OLD.size, OLD.sha256)
                IS DISTINCT FROM
                    (NEW.licence_id, NEW.made_at, NEW.data, NEW.key_id, NEW.algorithm, NEW.signature, NEW.content,
                    NEW.size, NEW.sha256)
                OR OLD.replaced_at IS NOT NULL
            ) EXECUTE FUNCTION forbid_change();
            CREATE TRIGGER a_made_file_is_never_deleted BEFORE DELETE ON certificates_licencefile
            FOR EACH ROW WHEN (OLD.made_at IS NOT NULL) EXECUTE FUNCTION forbid_change();

            CREATE TRIGGER a_key_stays BEFORE UPDATE ON certificates_signingkey
            FOR EACH ROW WHEN (
                (OLD.key_id, OLD.algorithm, OLD.certificate, OLD.development, OLD.not_before, OLD.not_after)
                IS DISTINCT FROM
                (NEW.key_id, NEW.algorithm, NEW.certificate, NEW.development, NEW.not_before, NEW.not_after)
            ) EXECUTE FUNCTION forbid_change();
            CREATE TRIGGER a_key_is_never_deleted BEFORE DELETE ON certificates_signingkey
            FOR EACH ROW EXECUTE FUNCTION forbid_change();

            CREATE TRIGGER an_identifier_stays BEFORE UPDATE ON certificates_licence
            FOR EACH ROW WHEN (OLD.identifier IS NOT NULL AND NEW.identifier IS DISTINCT FROM OLD.identifier)
            EXECUTE FUNCTION forbid_change();
            """,
            """
            DROP TRIGGER an_identifier_stays ON certificates_licence;
            DROP TRIGGER a_key_is_never_deleted ON certificates_signingkey;
            DROP TRIGGER a_key_stays ON certificates_signingkey;
            DROP TRIGGER a_made_file_is_never_deleted ON certificates_licencefile;
            DROP TRIGGER a_made_file_stays ON certificates_licencefile;
            DROP TRIGGER append_only ON certificates_officiallookup;
            """,
        )
    ]
