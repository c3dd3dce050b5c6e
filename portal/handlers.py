"""Which functions answer which event of the outbox: the one place where a left app starts something on the right."""

HANDLERS = {
    "application.submitted": ["routing.splitting.split_application"],
    "task.decided": ["routing.prerequisites.release_dependents", "certificates.gathering.gather"],
}
