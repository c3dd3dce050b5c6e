"""Whose a row is: office, item, enterprise and premises of every child row are those of its parent."""

# ruff: noqa: S608 - SQL put together from these modules' own texts; what comes from outside is a parameter.
from guidance.offices import CITY_LEVEL
from portal.invariants.invariant import APPLICATION, ITEMS, LICENCE, TASK, TASKS, Invariant

INVARIANTS = [
    Invariant(
        "I13",
        "items_of_the_applications_release",
        "Each task is of an item of the catalogue release its application was filed under.",
        TASKS,
        f"""
        {ITEMS}
        SELECT {TASK}, CASE WHEN item.code <> t.item_code THEN 'is of item ' || item.code
            ELSE 'is of an item of another release than its application' END
        FROM {TASKS} JOIN item ON item.id = t.item_id
        WHERE item.code <> t.item_code OR item.release_id <> a.release_id
        """,
    ),
    Invariant(
        "I13",
        "office_in_charge",
        "Each task lies at an office of the item's department, in the division that the item's level and premises say.",
        TASKS,
        f"""
        {ITEMS}
        SELECT {TASK}, 'lies at ' || o.name || CASE WHEN o.department_id <> item.department_id
            THEN ', another department' ELSE ', another division' END
        FROM {TASKS} JOIN item ON item.id = t.item_id JOIN guidance_office o ON o.id = t.office_id
        JOIN licensing_premises p ON p.id = a.premises_id JOIN guidance_division d ON d.id = p.division_id
        WHERE o.department_id <> item.department_id
            OR o.division_id <> CASE WHEN item.level = %(city)s THEN coalesce(d.parent_id, d.id) ELSE d.id END
        """,
        lambda: {"city": CITY_LEVEL},
    ),
    Invariant(
        "I13",
        "premises_of_the_enterprise",
        "The premises of an application or licence belong to its enterprise.",
        "licensing_application a WHERE a.premises_id IS NOT NULL",
        f"""
        SELECT {APPLICATION}, 'is for premises of another enterprise'
        FROM licensing_application a JOIN licensing_premises p ON p.id = a.premises_id
        WHERE p.enterprise_id IS DISTINCT FROM a.enterprise_id
        UNION ALL
        SELECT {LICENCE}, 'is for premises of another enterprise'
        FROM certificates_licence c JOIN licensing_premises p ON p.id = c.premises_id
        WHERE p.enterprise_id <> c.holder_id
        """,
    ),
    Invariant(
        "I13",
        "papers_of_the_application",
        "A task waits only for papers of its own application.",
        "routing_deferral",
        f"""
        SELECT {TASK}, 'waits for a paper of another application'
        FROM routing_deferral d JOIN licensing_submittedmaterial m ON m.id = d.material_id
        JOIN {TASKS} ON t.id = d.task_id WHERE m.application_id <> t.application_id
        """,
    ),
    Invariant(
        "I13",
        "points_of_the_correction",
        "The points of a correction are of its round, and arise from the same task's earlier ones.",
        "routing_correctionpoint",
        f"""
        SELECT {TASK}, CASE WHEN p.round <> c.round THEN 'point ' || p.number || ' of round ' || c.round
            || ' says round ' || p.round ELSE 'point ' || p.number || ' arises from no earlier point of this task' END
        FROM routing_correctionpoint p JOIN routing_correction c ON c.id = p.correction_id
        JOIN {TASKS} ON t.id = c.task_id
        LEFT JOIN routing_correctionpoint s ON s.id = p.arises_from_id
        LEFT JOIN routing_correction e ON e.id = s.correction_id
        WHERE p.round <> c.round OR e.task_id <> c.task_id OR e.round >= c.round
        """,
    ),
    Invariant(
        "I13",
        "documents_of_the_task",
        "Each document bears the number of the log row it was issued with, which is its task's.",
        "routing_document",
        f"""
        SELECT {TASK}, 'issued ' || d.kind || ' ' || d.number || ', which is no row of its log'
        FROM routing_document d JOIN {TASKS} ON t.id = d.task_id
        LEFT JOIN licensing_logentry l ON l.application_id = t.application_id AND l.item_code = t.item_code
            AND d.number = concat(a.number, '-', l.sequence)
        WHERE l.id IS NULL
        """,
    ),
]
