from django.db import migrations


class Migration(migrations.Migration):
    """What has ended, was issued or was settled never changes: held by the database, so that no shell can forget it."""

    dependencies = [("routing", "0004_the_law_inside"), ("exchange", "0002_append_only")]
    operations = [
        migrations.RunSQL(
            """
            DROP TRIGGER a_decision_stays ON routing_approvaltask;
            CREATE TRIGGER a_decision_stays BEFORE UPDATE OR DELETE ON routing_approvaltask
            FOR EACH ROW WHEN (
                OLD.status IN ('granted', 'refused', 'declined', 'returned', 'withdrawn', 'terminated')
            ) EXECUTE FUNCTION forbid_change();
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
            -- A year in force stays as two operators have read it: due dates were counted by it.
            CREATE FUNCTION forbid_change_of_notice() RETURNS trigger LANGUAGE plpgsql AS $$
            BEGIN
              IF EXISTS (SELECT FROM routing_calendaryear WHERE id = OLD.year_id AND confirmed_at IS NOT NULL)
              THEN RAISE EXCEPTION 'year % is in force: its days never change', OLD.year_id; END IF;
              RETURN CASE TG_OP WHEN 'DELETE' THEN OLD ELSE NEW END;
            END $$;
            CREATE TRIGGER a_notice_in_force_stays BEFORE UPDATE OR DELETE ON routing_calendarday
            FOR EACH ROW EXECUTE FUNCTION forbid_change_of_notice();
            CREATE TRIGGER a_year_in_force_stays BEFORE UPDATE OR DELETE ON routing_calendaryear
            FOR EACH ROW WHEN (OLD.confirmed_at IS NOT NULL) EXECUTE FUNCTION forbid_change();
            CREATE TRIGGER a_deferral_is_not_taken_back BEFORE DELETE ON routing_deferral
            FOR EACH ROW EXECUTE FUNCTION forbid_change();
            CREATE TRIGGER a_term_told_stays BEFORE UPDATE ON routing_deferral
            FOR EACH ROW WHEN (
                OLD.supplied_at IS NOT NULL
                OR (NEW.task_id, NEW.material_id, NEW.due_on) IS DISTINCT FROM (OLD.task_id, OLD.material_id, OLD.due_on)
            ) EXECUTE FUNCTION forbid_change();
            """,
            """
            DROP TRIGGER a_term_told_stays ON routing_deferral;
            DROP TRIGGER a_deferral_is_not_taken_back ON routing_deferral;
            DROP TRIGGER a_year_in_force_stays ON routing_calendaryear;
            DROP TRIGGER a_notice_in_force_stays ON routing_calendarday;
            DROP FUNCTION forbid_change_of_notice();
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
