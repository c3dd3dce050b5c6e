"""The form's values as they stand: what was signed, then what corrections have put right."""

from guidance import releases
from licensing.values import computed_value
from routing.models import About, CorrectionPoint


def current_values(application):
    """Return {element code: value}. One query: every office sees a corrected value, since the form is one."""
    return _overlaid(application, _answered(application))


def values_at(application, moments):
    """Return {moment: the values as they stood then}: whoever decided has seen no later correction. One query."""
    answered = list(_answered(application))
    return {moment: _overlaid(application, [row for row in answered if row[2] <= moment]) for moment in moments}


def _answered(application):
    """(code, value, when it was answered) of each corrected element, in the order of the answers."""
    answered = CorrectionPoint.objects.filter(
        correction__task__application=application, correction__answered_at__isnull=False, about=About.ELEMENT
    ).exclude(value=None)
    return answered.order_by("correction__answered_at", "pk").values_list("code", "value", "correction__answered_at")


def _overlaid(application, answered):
    corrected = {code: value for code, value, _ in answered}
    values = application.snapshot["values"] | corrected
    return values | (_computed_from(application, corrected, values) if corrected else {})


def _computed_from(application, corrected, values):
    """A corrected table has another count or sum."""
    elements = releases.load(application.release_id).elements.values()
    computed = [one for one in elements if one.computed and one.computed["rows"] in corrected and one.code in values]
    return {one.code: computed_value(one, values) for one in computed}
