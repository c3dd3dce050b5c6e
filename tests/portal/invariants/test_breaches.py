"""Each invariant, broken on purpose in the database itself, is named with the row that breaks it."""

import pytest
from django.db import connection

from portal.invariants.every import INVARIANTS
from portal.invariants.invariant import ask

pytestmark = pytest.mark.django_db

TASK = "routing_approvaltask"


def task(code):
    return f"(SELECT max(id) FROM {TASK} WHERE item_code = '{code}')"


def application(code):
    return f"(SELECT max(application_id) FROM {TASK} WHERE item_code = '{code}')"


def change(code, what):
    return f"UPDATE {TASK} SET {what} WHERE id = {task(code)}"


def of_application(code, what):
    return f"UPDATE licensing_application SET {what} WHERE id = {application(code)}"


def of_licence(code, what):
    return f"UPDATE certificates_licence SET {what} WHERE item_code = '{code}'"


def of_log(code, event, what):
    return f"UPDATE licensing_logentry SET {what} WHERE item_code = '{code}' AND event = '{event}'"


def without(table, constraint):
    return f"ALTER TABLE {table} DROP CONSTRAINT {constraint}; "


# A signature is never changed: who could, has switched the trigger off first.
UNLOCKED = "ALTER TABLE licensing_signature DISABLE TRIGGER append_only; "


def signed(code, what):
    return f"{UNLOCKED}UPDATE licensing_signature SET {what} WHERE application_id = {application(code)}"


def number_of(code):
    return f"SELECT number FROM licensing_application WHERE id = {application(code)}"


A_USER = "(SELECT min(id) FROM portal_user)"
OTHER_OFFICE = f"(SELECT min(id) FROM guidance_office WHERE id <> {TASK}.office_id)"
A_HALL = "INSERT INTO guidance_hall (name, address, division_id) SELECT '大厅', '', min(id) FROM guidance_division; "
OF_THE_HALL = f"(SELECT min(id) FROM guidance_hall WHERE name = '大厅'), {A_USER}"


def handed_over(what, row, at="now()"):
    columns = f"{what}_id, at, authority, person_name, person_id_number, signed_on_paper, hall_id, clerk_id"
    return (
        A_HALL
        + f"INSERT INTO window_handover ({columns}) SELECT id, {at}, 'self', '李四', '', true, {OF_THE_HALL} FROM {row}"
    )


# name of the invariant: (how it is broken, what names the row that breaks it, what is said of it)
BREACHES = [
    ("one_task_per_item", f"DELETE FROM {TASK} WHERE id = {task('radiology')}", "radiology", "no task for"),
    ("one_task_per_item", change("radiology", "item_code = 'pesticide'"), "radiology", "not submitted"),
    (
        "one_task_per_item",
        without(TASK, "one_task_per_item") + change("radiology", "item_code = 'clinic-filing'"),
        "radiology",
        "2 tasks for clinic-filing",
    ),
    ("status_follows_from_tasks", of_application("pesticide", "status = 'withdrawn'"), "pesticide", "should be in_pro"),
    ("application_is_where_its_log_ends", of_application("hazchem", "status = 'withdrawn'"), "hazchem", "is withdrawn"),
    ("what_was_signed_stays", of_application("pesticide", "snapshot = snapshot || '{\"x\": 1}'"), "pesticide", "hash"),
    ("what_was_signed_stays", of_application("pesticide", "chosen = '[\"drainage\"]'"), "pesticide", "items"),
    ("what_was_signed_stays", of_application("pesticide", "values = '{}'"), "pesticide", "values"),
    ("each_signature_fits", signed("pesticide", "sha256 = 'f00'"), "pesticide", "another hash"),
    ("each_signature_fits", signed("pesticide", "signed_at = '2020-01-01'"), "pesticide", "another time"),
    (
        "each_signature_fits",
        signed("pesticide", "signer_id = (SELECT max(id) FROM portal_user)"),
        "pesticide",
        "somebody else",
    ),
    (
        "each_signature_fits",
        signed("pesticide", f"method = 'paper', signer_id = NULL, witness_id = {A_USER}"),
        "pesticide",
        "not witnessed",
    ),
    (
        "each_signature_fits",
        UNLOCKED + f"DELETE FROM licensing_signature WHERE application_id = {application('pesticide')}",
        "pesticide",
        "no signature",
    ),
    ("each_signature_fits", of_application("pesticide", "snapshot_sha256 = 'f00'"), "pesticide", "another hash"),
    ("a_withdrawn_application_rests", of_application("pesticide", "status = 'withdrawn'"), "pesticide", "is accepted"),
    ("a_withdrawn_application_rests", of_application("hazchem", "status = 'withdrawn'"), "hazchem", "has licence"),
    (
        "times_in_order",
        change("pesticide", "received_at = received_at - interval '1 day'"),
        "pesticide",
        "received bef",
    ),
    (
        "times_in_order",
        change("pesticide", "accepted_at = received_at - interval '1 s'"),
        "pesticide",
        "accepted before",
    ),
    ("times_in_order", change("hazchem", "decided_at = accepted_at - interval '1 s'"), "hazchem", "decided too early"),
    ("times_in_order", of_licence("hazchem", "created_at = '2026-01-01'"), "hazchem", "licensed before"),
    ("times_in_order", change("pesticide", "accepted_at = '2099-01-01'"), "pesticide", "future"),
    ("each_grant_has_its_licence", "DELETE FROM certificates_licence WHERE item_code = 'hazchem'", "hazchem", "no lic"),
    ("each_licence_fits_its_grant", change("hazchem", "status = 'terminated', reason = 'x'"), "hazchem", "terminated"),
    (
        "each_licence_fits_its_grant",
        of_licence("hazchem", "holder_id = (SELECT min(id) FROM licensing_enterprise)"),
        "hazchem",
        "another holder",
    ),
    ("each_licence_fits_its_grant", of_licence("hazchem", "number = '7'"), "hazchem 7", "another number"),
    ("each_licence_fits_its_grant", of_licence("hazchem", "premises_id = NULL"), "hazchem", "other premises"),
    (
        "each_licence_fits_its_grant",
        of_licence("hazchem", f"source_task_id = {task('pesticide')}, item_code = 'pesticide'"),
        "pesticide",
        "accepted",
    ),
    (
        "one_licence_per_number",
        without("certificates_licence", "one_licence_per_office_number_and_version")
        + of_licence("hazchem", "office_id = o, item_code = i, number = n").replace(
            " WHERE",
            " FROM (SELECT office_id o, item_code i, number n FROM certificates_licence WHERE item_code = "
            "'fire-safety-check') other WHERE",
        ),
        "fire-safety-check",
        "2 times",
    ),
    (
        "one_licence_per_number",
        without("certificates_licence", "certificates_licence_source_task_id_key")
        + of_licence("hazchem", f"source_task_id = {task('fire-safety-check')}"),
        "fire-safety-check",
        "2 licences",
    ),
    ("each_ending_was_decided", of_licence("hazchem", "status = 'annulled'"), "hazchem", "without a decision"),
    ("each_ending_was_decided", of_licence("hotel-special-trade", "status = 'valid'"), "hotel-special-trade", "cancel"),
    (
        "annulments_take_two_people",
        without("certificates_endingproposal", "an_annulment_takes_two_people")
        + "UPDATE certificates_endingproposal SET proposed_by_id = settled_by_id",
        "public-place-hygiene",
        "second person",
    ),
    (
        "annulments_take_two_people",
        without("certificates_ending", "an_annulment_was_proposed")
        + "UPDATE certificates_ending SET proposal_id = NULL",
        "public-place-hygiene",
        "without a proposal",
    ),
    ("task_is_where_its_log_ends", change("pesticide", "status = 'received'"), "pesticide", "its log ends with accep"),
    ("task_is_where_its_log_ends", "DELETE FROM licensing_logentry WHERE item_code = 'hazchem'", "hazchem", "nothing"),
    ("only_lawful_moves", of_log("hazchem", "task.granted", "from_status = 'received'"), "hazchem", "after accepted"),
    ("only_lawful_moves", of_log("hazchem", "task.accepted", "event = 'task.granted'"), "hazchem", "from received"),
    ("one_end_per_task", of_log("hazchem", "task.accepted", "to_status = 'refused'"), "hazchem", "2 ends"),
    (
        "who_decided_is_who_the_log_names",
        change("hazchem", f"decided_by_id = {A_USER}"),
        "hazchem",
        "the log names",
    ),
    ("licence_is_where_its_log_ends", of_licence("hazchem", "status = 'suspended'"), "hazchem", "ends with valid"),
    ("logs_verify", of_log("hazchem", "task.accepted", "detail = detail || '{\"x\": 1}'"), "hazchem", "row"),
    ("logs_verify", of_log("hazchem", "task.accepted", f"actor_id = {A_USER}"), "hazchem", "row"),
    (
        "logs_verify",
        "DELETE FROM licensing_logentry WHERE item_code = 'hazchem' AND event = 'task.accepted'",
        "hazchem",
        "row",
    ),
    ("logs_verify", of_log("hazchem", "task.accepted", "previous_hash = repeat('0', 64)"), "hazchem", "row"),
    (
        "licence_logs_verify",
        "UPDATE certificates_licenceevent SET at = at + interval '1 s' WHERE licence_id = "
        "(SELECT id FROM certificates_licence WHERE item_code = 'hazchem')",
        "hazchem",
        "row 1",
    ),
    (
        "one_event_per_submission",
        f"DELETE FROM exchange_event WHERE payload->>'application_id' = {application('pesticide')}::text",
        "pesticide",
        "0 events",
    ),
    (
        "one_event_per_end",
        f"DELETE FROM exchange_event WHERE payload->>'task_id' = {task('hazchem')}::text",
        "hazchem",
        "0 events",
    ),
    (
        "one_event_per_end",
        "INSERT INTO exchange_event (kind, payload, created_at) "
        f"SELECT 'task.decided', jsonb_build_object('task_id', {task('pesticide')}), now()",
        "pesticide",
        "1 events",
    ),
    (
        "each_event_has_its_deliveries",
        f"DELETE FROM exchange_delivery USING exchange_event e WHERE e.id = event_id AND "
        f"payload->>'task_id' = {task('hazchem')}::text",
        "task.decided event",
        "no delivery",
    ),
    (
        "waiting_deliveries_are_tried_in_time",
        "UPDATE exchange_delivery SET done_at = NULL, next_attempt_at = '2026-03-02' WHERE handler ~ 'gather'",
        "certificates.gathering.gather",
        "by 2026-03-02",
    ),
    (
        "parked_deliveries",
        "UPDATE exchange_delivery SET done_at = NULL, parked_at = now(), error = 'KeyError' WHERE handler ~ 'gather'",
        "certificates.gathering.gather",
        "KeyError",
    ),
    (
        "nothing_is_tried_for_ever",
        "UPDATE exchange_delivery SET attempts = 6 WHERE handler ~ 'gather'",
        "certificates.gathering.gather",
        "6 times",
    ),
    (
        "nothing_is_tried_for_ever",
        "UPDATE exchange_delivery SET done_at = NULL, claimed_until = '2026-03-02' WHERE handler ~ 'gather'",
        "certificates.gathering.gather",
        "still claimed",
    ),
    (
        "due_dates_follow_from_the_record",
        change("pesticide", "committed_due_on = committed_due_on + 1"),
        "pesticide",
        "counted anew",
    ),
    (
        "due_dates_follow_from_the_record",
        change("pesticide", "complete_at = complete_at - interval '7 days'"),
        "pesticide",
        "counted anew",
    ),
    (
        "due_dates_follow_from_the_record",
        "DELETE FROM routing_calendarday WHERE day BETWEEN '2026-04-20' AND '2026-05-31'",
        "pesticide",
        "counted anew",
    ),
    (
        "due_dates_move_for_a_cause",
        of_log("hazchem", "task.granted", 'detail = detail || \'{"committed_due_on": "2027-01-01"}\''),
        "hazchem",
        "2027-01-01",
    ),
    (
        "due_dates_move_for_a_cause",
        of_log("pesticide", "task.accepted_by_silence", 'detail = detail || \'{"committed_due_on": "2026-03-03"}\''),
        "pesticide",
        "2026-03-03",
    ),
    ("due_dates_are_on_record", change("hazchem", "statutory_due_on = '2027-01-01'"), "hazchem", "2027-01-01"),
    ("a_clock_stands_while_stopped", change("pesticide", "clock_stopped = true"), "pesticide", "promised"),
    (
        "a_clock_stands_while_stopped",
        "INSERT INTO routing_clockstop (task_id, kind, started_on, reason, result, opened_at) "
        f"VALUES ({task('pesticide')}, 'hearing', '2026-03-03', '', '', now())",
        "pesticide",
        "statutory",
    ),
    (
        "officers_stops_do_not_overlap",
        "UPDATE routing_clockstop SET started_on = '2026-03-01', ended_on = '2027-01-01' WHERE kind = 'hearing'",
        "food-operation",
        "overlaps",
    ),
    (
        "nothing_stays_open_after_the_end",
        "UPDATE routing_clockstop SET ended_on = NULL WHERE kind = 'hearing'",
        "food-operation",
        "open stop: hearing",
    ),
    (
        "nothing_stays_open_after_the_end",
        f"UPDATE routing_correction SET closed_at = NULL WHERE task_id = {task('road-freight')}",
        "road-freight",
        "open correction",
    ),
    (
        "items_of_the_applications_release",
        change("pesticide", "item_id = (SELECT id FROM guidance_item WHERE code = 'drainage')"),
        "pesticide",
        "of item drainage",
    ),
    (
        "items_of_the_applications_release",
        "UPDATE guidance_item SET release_id = release_id + 1 WHERE code = 'pesticide'",
        "pesticide",
        "another release",
    ),
    ("office_in_charge", change("pesticide", f"office_id = {OTHER_OFFICE}"), "pesticide", "another"),
    (
        "office_in_charge",
        change(
            "pesticide",
            "office_id = (SELECT o.id FROM guidance_office o JOIN guidance_office n USING (department_id)"
            f" WHERE n.id = {TASK}.office_id AND o.id <> n.id)",
        ),
        "pesticide",
        "another division",
    ),
    (
        "premises_of_the_enterprise",
        of_application("pesticide", "premises_id = (SELECT min(id) FROM licensing_premises)"),
        "pesticide",
        "another enterprise",
    ),
    (
        "premises_of_the_enterprise",
        of_licence("hazchem", "premises_id = (SELECT min(id) FROM licensing_premises)"),
        "hazchem",
        "another enterprise",
    ),
    (
        "papers_of_the_application",
        f"UPDATE routing_deferral SET task_id = {task('pesticide')} WHERE task_id = {task('film-exhibition')}",
        "pesticide",
        "another application",
    ),
    (
        "points_of_the_correction",
        "UPDATE routing_correction SET round = 3 WHERE round = 2",
        "food-operation",
        "round 2",
    ),
    (
        "points_of_the_correction",
        "UPDATE routing_correctionpoint SET arises_from_id = (SELECT max(p.id) FROM routing_correctionpoint p "
        f"JOIN routing_correction c ON c.id = p.correction_id WHERE c.task_id = {task('road-freight')}) "
        "WHERE round = 2",
        "food-operation",
        "no earlier point",
    ),
    (
        "documents_of_the_task",
        f"UPDATE routing_document SET number = 'X-1' WHERE task_id = {task('pesticide')}",
        "pesticide",
        "X-1",
    ),
    (
        "nobody_decides_their_own_case",
        of_application("hazchem", f"filer_id = (SELECT decided_by_id FROM {TASK} WHERE id = {task('hazchem')})"),
        "hazchem",
        "who filed it",
    ),
    (
        "nobody_decides_their_own_case",
        "INSERT INTO licensing_membership (user_id, enterprise_id, role, scope) SELECT t.decided_by_id, "
        f"a.enterprise_id, 'agent', 'file' FROM {TASK} t JOIN licensing_application a ON a.id = t.application_id "
        "WHERE t.item_code = 'hazchem'",
        "hazchem",
        "acts for the enterprise",
    ),
    (
        "two_people_decide",
        without("routing_proposal", "nobody_approves_their_own_proposal")
        + "UPDATE routing_proposal SET proposed_by_id = settled_by_id WHERE approved",
        "tobacco-retail",
        "its own author",
    ),
    ("two_people_decide", "UPDATE routing_proposal SET outcome = 'granted'", "tobacco-retail", "it is refused"),
    ("two_people_decide", "UPDATE routing_proposal SET approved = false", "tobacco-retail", "who did not"),
    ("offices_that_ask_for_two", "UPDATE routing_proposal SET approved = false", "tobacco-retail", "by one person"),
    (
        "prerequisites_come_first",
        change("hotel-special-trade", "decided_at = decided_at - interval '3 days'"),
        "hotel-special-trade",
        "granted before fire-safety-check",
    ),
    (
        "prerequisites_come_first",
        change("business-registration", "received_at = received_at - interval '3 days'"),
        "business-registration",
        "received before hazchem",
    ),
    (
        "results_reach_what_waits",
        change("business-registration", "status = 'terminated', reason = 'x'"),
        "seal-engraving",
        "has failed",
    ),
    (
        "results_reach_what_waits",
        change("business-registration", "status = 'waiting', received_at = NULL, committed_due_on = NULL"),
        "business-registration",
        "barriers have fallen",
    ),
    (
        "each_end_has_its_document",
        f"DELETE FROM routing_document WHERE task_id = {task('animal-clinic')}",
        "animal-clinic",
        "non_acceptance",
    ),
    (
        "each_end_has_its_document",
        "DELETE FROM routing_document WHERE kind = 'extension'",
        "food-operation",
        "extension",
    ),
    ("each_end_has_its_document", "DELETE FROM routing_document WHERE kind = 'acceptance'", "pesticide", "acceptance"),
    ("promises_are_founded", change("pesticide", "by_commitment = true"), "pesticide", "does not allow"),
    ("promises_are_founded", change("road-freight", "by_commitment = true"), "road-freight", "not asked for"),
    ("promises_are_founded", change("labor-dispatch", "by_commitment = false"), "labor-dispatch", "as it was filed"),
    (
        "promises_are_founded",
        of_application("labor-dispatch", "snapshot = snapshot - 'commitments'"),
        "labor-dispatch",
        "no written promise",
    ),
    (
        "deferrals_are_founded",
        "UPDATE licensing_submittedmaterial SET code = 'mat-id-card' WHERE code = 'mat-cinema-devices'",
        "film-exhibition",
        "mat-id-card, which could not",
    ),
    (
        "deferrals_are_founded",
        of_application("film-exhibition", "snapshot = snapshot - 'deferral_promise'"),
        "film-exhibition",
        "written promise",
    ),
    (
        "nothing_granted_without_its_papers",
        "UPDATE routing_deferral SET supplied_at = NULL",
        "fire-safety-check",
        "mat-fire-rules",
    ),
    (
        "nothing_by_promise_for_the_untrustworthy",
        "UPDATE licensing_untrustworthyentry SET listed_on = '2026-01-01', entered_at = '2026-01-01'",
        "labor-dispatch",
        "by promise",
    ),
    ("each_promise_is_checked", "DELETE FROM routing_aftercheck", "public-place-hygiene", "no check"),
    (
        "each_promise_is_checked",
        f"UPDATE routing_aftercheck SET task_id = {task('hazchem')}",
        "hazchem",
        "not granted by promise",
    ),
    (
        "false_promises_are_annulled",
        "UPDATE routing_aftercheck SET status = 'failed'",
        "public-place",
        "its check is f",
    ),
    ("false_promises_are_annulled", "DELETE FROM certificates_ending", "public-place-hygiene", "without a decision"),
    (
        "false_promises_are_annulled",
        of_licence("public-place-hygiene", "status = 'valid'"),
        "public-place-hygiene",
        "its licence is valid",
    ),
    ("false_promises_are_annulled", "DELETE FROM licensing_untrustworthyentry", "public-place", "not on the list"),
    (
        "handed_over_is_what_was_granted",
        handed_over(
            "licence", "certificates_licence WHERE item_code = 'hazchem'", at="timestamptz '2020-01-01 08:00Z'"
        ),
        "hazchem",
        "before it was there",
    ),
    (
        "handed_over_is_what_was_granted",
        handed_over("licence", "certificates_licence WHERE item_code = 'hazchem'")
        + "; "
        + change("hazchem", "status = 'accepted'"),
        "hazchem",
        "its task is accepted",
    ),
    (
        "handed_over_is_what_was_granted",
        handed_over("document", "routing_document WHERE kind = 'acceptance' LIMIT 1"),
        "YZ2026",
        "no decision: acceptance",
    ),
    (
        "receipts_have_no_gap",
        A_HALL + "INSERT INTO window_receipt (public_id, number, day, serial, label, applicant, person_name, received, "
        "missing, at, hall_id, clerk_id) VALUES (gen_random_uuid(), 'SJ2', '2026-03-02', 2, '', '', '李四', '[1]', "
        f"'[]', now(), {OF_THE_HALL})",
        "大厅",
        "has 1 receipts up to 2",
    ),
    ("window_filings_name_both", of_application("pesticide", "channel = 'window'"), "pesticide", "for nobody"),
]
BREACHES += [
    ("each_blob_is_on_the_disk_unchanged", "UPDATE licensing_blob SET file = 'uploads/x'", "blob", "not on the disk"),
    ("each_blob_is_on_the_disk_unchanged", "UPDATE licensing_blob SET size = size + 1", "blob", "not as long"),
    ("each_blob_is_on_the_disk_unchanged", "UPDATE licensing_blob SET sha256 = id", "blob", "its hash"),
    ("each_file_has_its_blob", "UPDATE licensing_storedfile SET size = size + 1", "file", "is clean with"),
    ("each_file_has_its_blob", "DELETE FROM licensing_storedfile", "blob", "has no file"),
    (
        "what_was_handed_in_is_there_and_clean",
        "UPDATE licensing_storedfile SET state = 'checking', checked_at = NULL WHERE name = '制度.pdf'",
        "fire-safety-check",
        "mat-fire-rules has a file that is checking",
    ),
    (
        "what_was_handed_in_is_there_and_clean",
        of_application("hazchem", "snapshot = jsonb_set(snapshot, '{materials,mat-lost}', '{\"how\":\"upload\"}')"),
        "hazchem",
        "mat-lost was handed in without a file",
    ),
    (
        "what_was_handed_in_is_there_and_clean",
        of_application(
            "hazchem",
            "snapshot = jsonb_set(snapshot, '{materials,mat-lost}', "
            "jsonb_build_object('files', jsonb_build_array(gen_random_uuid())))",
        ),
        "hazchem",
        "mat-lost has lost a file",
    ),
]
_E_LICENCE, _SEALED = (
    "each_e_licence_is_on_the_disk_unchanged",
    "each_e_licence_is_sealed_and_says_what_the_register_says",
)
BREACHES += [
    (
        _E_LICENCE,
        "UPDATE certificates_licencefile SET content = 'licences/x' WHERE size > 0",
        "e-licence",
        "not on the disk",
    ),
    (_E_LICENCE, "UPDATE certificates_licencefile SET size = size + 1 WHERE size > 0", "e-licence", "not as long"),
    (_E_LICENCE, "UPDATE certificates_licencefile SET sha256 = id WHERE size > 0", "e-licence", "its hash"),
    (
        _SEALED,
        "UPDATE certificates_licencefile SET data = replace(data, '\"version\":1', '\"version\":3') WHERE size > 0",
        "e-licence",
        "does not hold",
    ),
    (_SEALED, "UPDATE certificates_licence SET scope = scope || '酒'", "e-licence", "something else than its licence"),
    (
        "each_granted_licence_has_its_e_licence_or_waits_for_it",
        "UPDATE certificates_licencefile SET replaced_at = now()",
        "fireworks-retail",
        "has no e-licence",
    ),
]
IDENTIFIER = "1.2.156.3005.2.114417000000EX0G8Y001.114417000000EX0G8Y.2026000000000001.001.N"
OF_A_TYPE = (
    "INSERT INTO certificates_certificatetype (item_code, name, code, provisional) "
    "VALUES ('tobacco-retail', '', '114417000000EX0G8Y001', true); "
)
OF_AN_OFFICE = (
    "UPDATE guidance_office SET uscc = CASE WHEN id = (SELECT min(id) FROM guidance_office) "
    "THEN '114417000000EX0G8Y' ELSE '914417020000EX015T' END; "
)
FOLLOWING = "previous_id = (SELECT max(id) FROM certificates_licence WHERE item_code = 'food-operation')"
BREACHES += [
    ("identifiers_are_well_formed", of_licence("hazchem", "identifier = '1.2.3'"), "hazchem", "not well formed"),
    (
        "identifiers_are_well_formed",
        of_licence("hazchem", f"identifier = '{IDENTIFIER[:-1]}M'"),
        "hazchem",
        "校验码",
    ),
    (
        "identifiers_are_well_formed",
        of_licence("hazchem", f"identifier = '{IDENTIFIER}', version = 2"),
        "hazchem",
        "is version 2, its identifier says 1",
    ),
    (
        "identifiers_name_type_and_issuer",
        OF_A_TYPE + of_licence("hazchem", f"identifier = '{IDENTIFIER}'"),
        "hazchem",
        "the type code of tobacco-retail",
    ),
    (
        "identifiers_name_type_and_issuer",
        OF_AN_OFFICE
        + of_licence("hazchem", f"identifier = '{IDENTIFIER}', office_id = (SELECT max(id) FROM guidance_office)"),
        "hazchem",
        "another office",
    ),
    (
        "versions_have_no_gap",
        of_licence("hazchem", f"version = 3, {FOLLOWING}"),
        "hazchem",
        "is version 3 after 1",
    ),
    (
        "versions_have_no_gap",
        of_licence("hazchem", f"version = 2, {FOLLOWING}"),
        "hazchem",
        "another kind",
    ),
    (
        "each_measure_has_its_document",
        of_licence("hazchem", "status = 'suspended'"),
        "hazchem",
        "is suspended without the document",
    ),
]
REISSUED = "fireworks-retail"
OF_REISSUED = f"FROM certificates_licence WHERE item_code = '{REISSUED}'"
NOT_ABOUT_ONE = without("licensing_application", "a_renewal_or_change_names_its_licence")
BREACHES += [
    (
        "what_was_signed_stays",
        of_application(REISSUED, "prior = prior || '{\"version\": 9}'"),
        REISSUED,
        "what it is for",
    ),
    (
        "each_granted_reissue_has_its_version",
        of_licence(REISSUED, "previous_id = NULL"),
        REISSUED,
        "not the next version",
    ),
    (
        "each_granted_reissue_has_its_version",
        of_licence(REISSUED, "status = 'valid'") + " AND version = 1",
        REISSUED,
        "has left the version before valid",
    ),
    ("each_granted_reissue_has_its_version", "DELETE FROM certificates_reissue", REISSUED, "no 延续 or 变更 has made"),
    (
        "one_open_reissue_per_licence",
        f"UPDATE licensing_application SET status = 'in_progress' WHERE purpose = 'renew' AND chosen ? '{REISSUED}'; "
        f"UPDATE certificates_reissue SET licence_id = (SELECT max(id) {OF_REISSUED}) WHERE licence_id IN "
        f"(SELECT id {OF_REISSUED})",
        REISSUED,
        "2 under way",
    ),
    ("each_reissue_is_about_its_licence", "DELETE FROM certificates_reissue", REISSUED, "a renew of no licence"),
    (
        "each_reissue_is_about_its_licence",
        NOT_ABOUT_ONE + of_application(REISSUED, "purpose = 'new'"),
        REISSUED,
        "about one that is there",
    ),
    ("each_reissue_is_about_its_licence", of_licence(REISSUED, "number = version"), REISSUED, "item and number"),
]
DEEMED = "printing"
BREACHES += [
    (
        "each_deemed_renewal_was_filed_in_time",
        of_licence(DEEMED, "deemed_renewed_on = deemed_renewed_on + 1") + " AND deemed_renewed_on IS NOT NULL",
        DEEMED,
        "its log does not say so",
    ),
    (
        "each_deemed_renewal_was_filed_in_time",
        "UPDATE licensing_application SET submitted_at = submitted_at + interval '30 days' WHERE purpose = 'renew'",
        DEEMED,
        "nobody had filed for it in time",
    ),
]
AN_IMPORT = (
    "INSERT INTO certificates_licenceimport (public_id, office_id, item_code, name, uploaded_by_id, uploaded_at, "
    "file_name, file, size, sha256, state, problem, columns, rows_read, rows_new, rows_same, rows_bad, rows_imported, "
    "attempts, decided_by_id) "
    "SELECT gen_random_uuid(), office_id, 'hazchem', '', {user}, now(), '', 'held.csv', 1, '', 'done', '', "
    "'{{}}', {read}, 0, 0, 0, {imported}, 0, {user} FROM certificates_licence WHERE item_code = 'hazchem'; "
)
OF_THE_IMPORT = of_licence("hazchem", "imported_in_id = (SELECT max(id) FROM certificates_licenceimport)")
BREACHES += [
    (
        "an_import_counts_its_rows_and_licences",
        AN_IMPORT.format(user=A_USER, read=0, imported=1),
        "import",
        "has 0 licences and counts 1",
    ),
    (
        "an_import_counts_its_rows_and_licences",
        AN_IMPORT.format(user=A_USER, read=1, imported=1) + OF_THE_IMPORT,
        "import",
        "whose log does not say so",
    ),
    (
        "an_import_counts_its_rows_and_licences",
        AN_IMPORT.format(user=A_USER, read=1, imported=0),
        "import",
        "counts other rows",
    ),
]
REASON = without("certificates_officiallookup", "an_official_lookup_has_its_reason")
# The database's own clock runs ahead of the story's.
AT = "(SELECT max(created_at) FROM certificates_licence)"
LOOKER = without("certificates_officiallookup", "an_official_lookup_is_by_a_person_or_a_system")
A_CLIENT = (
    "INSERT INTO certificates_departmentclient "
    "(public_id, department_id, name, token_sha256, created_by_id, created_at, revoked_at, revoked_by_id) "
    f"SELECT gen_random_uuid(), min(id), '系统', '', {A_USER}, {AT} - interval '9 days', {AT} - interval '1 day', "
    f"{A_USER} FROM guidance_department; "
)
HOLDER = "(SELECT holder_id FROM certificates_licence WHERE item_code = 'hazchem')"


def looked_up(reason="'检查'", user=A_USER, client="NULL", licence="NULL", at=AT, holder=HOLDER):
    return (
        "INSERT INTO certificates_officiallookup "
        "(enterprise_id, licence_id, user_id, client_id, reason, case_number, at) "
        f"SELECT {holder}, {licence}, {user}, {client}, {reason}, '', {at}"
    )


OF_CLIENT = {"user": "NULL", "client": "(SELECT max(id) FROM certificates_departmentclient)"}
LOOK_UP_BREACHES = {
    "each_look_up_has_its_reason_and_its_looker": [
        (REASON + looked_up(reason="' '"), "no reason"),
        (LOOKER + looked_up(user="NULL"), "not by one"),
        (looked_up(at=f"{AT} + interval '20 years'"), "in the future"),
        (A_CLIENT + looked_up(**OF_CLIENT), "revoked"),
        (A_CLIENT + looked_up(**OF_CLIENT, at=f"{AT} - interval '10 days'"), "not there yet"),
    ],
    "each_look_up_is_of_its_enterprises_licence": [
        (
            looked_up(licence=f"(SELECT max(id) FROM certificates_licence WHERE holder_id <> {HOLDER})"),
            "another enterprise",
        ),
        ("UPDATE licensing_enterprise SET verified_at = NULL; " + looked_up(), "nobody confirmed"),
    ],
}
BREACHES += [(name, how, "look-up", said) for name, breaches in LOOK_UP_BREACHES.items() for how, said in breaches]
BY_NAME = {invariant.name: invariant for invariant in INVARIANTS}


def test_every_invariant_is_broken_here():
    assert {name for name, *_ in BREACHES} == BY_NAME.keys()


@pytest.mark.parametrize(
    ("name", "statement", "who", "what"), [pytest.param(*breach, id=f"{breach[0]}-{breach[3]}") for breach in BREACHES]
)
def test_a_breach_is_named_with_its_row(moment, name, statement, who, what):
    with connection.cursor() as cursor:
        cursor.execute(number_of(who) if "-" in who or who.isalpha() else "SELECT ''")
        [number] = cursor.fetchone() or [""]
        cursor.execute(statement)
    outcome = ask(BY_NAME[name], moment)
    assert outcome.total >= 1
    assert [breach for breach in outcome.first if _names(breach, who, number, what)], outcome.first


def _names(breach, who, number, what):
    named, said = breach
    return (who in named or (number and number in named)) and (what in said)
