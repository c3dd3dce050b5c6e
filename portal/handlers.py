"""Which functions answer which event of the outbox: the one place where a left app starts something on the right."""

HANDLERS = {
    "application.submitted": ["routing.splitting.split_application", "licensing.telling.received"],
    "check.rectification_ordered": ["routing.reminders.tell_of_rectification"],
    "elicence.wanted": ["certificates.elicences.making.make_wanted"],
    "import.waiting": ["certificates.importing.running.work"],
    "enterprise.recoded": ["certificates.elicences.recoded.make_anew"],
    "invitation.written": ["licensing.invitation_letters.send"],
    "licence.ended": ["certificates.telling.tell_of_ending"],
    "licence.issued": ["certificates.identifying.identify_one", "certificates.elicences.making.make_for"],
    "licence.moved": ["certificates.telling.tell_of_move"],
    "message.written": ["exchange.letters.send", "exchange.texts.send"],
    "file.uploaded": ["licensing.files.quarantine.check"],
    "register.codes_known": ["certificates.identifying.identify_held"],
    "task.accepted": ["routing.reminders.tell_of_acceptance"],
    "paper.wanted": ["licensing.fetching.fetch"],
    "task.correction_asked": ["routing.reminders.tell_of_correction"],
    "task.decided": [
        "routing.prerequisites.release_dependents",
        "certificates.gathering.gather",
        "routing.reminders.tell_of_decision",
    ],
    "task.reminded": ["routing.reminders.remind_of_paper"],
    "terms.changed": ["routing.recounting.recount_warnings"],
}
