from django.db import migrations

ENDED = "('granted', 'refused', 'declined', 'returned', 'withdrawn', 'terminated')"


class Migration(migrations.Migration):
    """What has ended, was issued or was settled never changes: held by the database, so that no shell can forget it."""

    dependencies = [("routing", "0004_the_law_inside"), ("exchange", "0002_append_only")]
    operations = [
        migrations.RunSQL(
            f"""
            DROP TRIGGER a_decision_stays ON routing_approvaltask;
            CREATE TRIGGER a_decision_stays BEFORE UPDATE OR DELETE ON routing_approvaltask
            FOR EACH ROW WHEN (OLD.status IN {ENDED}) EXECUTE FUNCTION forbid_change();
            CREATE TRIGGER append_only BEFORE UPDATE OR DELETE ON routing_document
            FOR EACH ROW EXECUTE FUNCTION forbid_change();
            CREATE TRIGGER append_only BEFORE UPDATE OR DELETE ON routing_extension
            FOR EACH ROW EXECUTE FUNCTION forbid_change();
            CREATE TRIGGER an_ended_stop_stays BEFORE UPDATE OR DELETE ON routing_clockstop
            FOR EACH ROW WHEN (OLD.ended_on IS NOT NULL) EXECUTE FUNCTION forbid_change();
            CREATE TRIGGER a_settled_proposal_stays BEFORE UPDATE OR DELETE ON routing_proposal
            FOR EACH ROW WHEN (OLD.settled_at IS NOT NULL) EXECUTE FUNCTION forbid_change();
            CREATE TRIGGER an_ended_correction_stays BEFORE UPDATE OR DELETE ON routing_correction
            FOR EACH ROW WHEN (OLD.answered_at IS NOT NULL OR OLD.closed_at IS NOT NULL)
            EXECUTE FUNCTION forbid_change();
            CREATE TRIGGER a_closed_check_stays BEFORE UPDATE OR DELETE ON routing_aftercheck
            FOR EACH ROW WHEN (OLD.status IN ('passed', 'rectified', 'annulled')) EXECUTE FUNCTION forbid_change();
            -- What was answered is part of what was signed: current_values() reads it.
            CREATE FUNCTION forbid_change_of_answer() RETURNS trigger LANGUAGE plpgsql AS $$
            BEGIN
              IF EXISTS (SELECT FROM routing_correction AS c
                         WHERE c.id = OLD.correction_id AND (c.answered_at IS NOT NULL OR c.closed_at IS NOT NULL))
              THEN RAISE EXCEPTION 'correction % has ended: its points never change', OLD.correction_id; END IF;
              RETURN CASE TG_OP WHEN 'DELETE' THEN OLD ELSE NEW END;
            END $$;
            CREATE TRIGGER an_answer_stays BEFORE UPDATE OR DELETE ON routing_correctionpoint
            FOR EACH ROW EXECUTE FUNCTION forbid_change_of_answer();
            """,
            """
            DROP TRIGGER an_answer_stays ON routing_correctionpoint;
            DROP FUNCTION forbid_change_of_answer();
            DROP TRIGGER a_closed_check_stays ON routing_aftercheck;
            DROP TRIGGER an_ended_correction_stays ON routing_correction;
            DROP TRIGGER a_settled_proposal_stays ON routing_proposal;
            DROP TRIGGER an_ended_stop_stays ON routing_clockstop;
            DROP TRIGGER append_only ON routing_extension;
            DROP TRIGGER append_only ON routing_document;
            DROP TRIGGER a_decision_stays ON routing_approvaltask;
            CREATE TRIGGER a_decision_stays BEFORE UPDATE OR DELETE ON routing_approvaltask
            FOR EACH ROW WHEN (OLD.status IN ('granted', 'refused', 'terminated')) EXECUTE FUNCTION forbid_change();
            """,
        )
    ]
