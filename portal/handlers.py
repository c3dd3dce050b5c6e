"""Which functions answer which event of the outbox: the one place where a left app starts something on the right."""

HANDLERS = {
    "application.submitted": ["routing.splitting.split_application"],
    "message.written": ["exchange.letters.send", "exchange.texts.send"],
    "task.correction_asked": ["routing.reminders.tell_of_correction"],
    "task.decided": ["routing.prerequisites.release_dependents", "certificates.gathering.gather"],
    "task.reminded": ["routing.reminders.remind_of_paper"],
    "terms.changed": ["routing.recounting.recount_warnings"],
}
