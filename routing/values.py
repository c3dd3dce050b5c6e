"""The form's values as they stand: what was signed, then what corrections have put right."""

from routing.models import About, CorrectionPoint


def current_values(application):
    """Return {element code: value}. One query: every office sees a corrected value, since the form is one."""
    answered = CorrectionPoint.objects.filter(
        correction__task__application=application, correction__answered_at__isnull=False, about=About.ELEMENT
    ).exclude(value=None)
    corrected = answered.order_by("correction__answered_at", "pk").values_list("code", "value")
    return application.snapshot["values"] | dict(corrected)
