from django import template

from certificates.grounds import ground_text
from certificates.models import EndingKind

register = template.Library()


@register.filter
def ground_words(proposal):
    return ground_text(EndingKind.ANNUL, proposal.ground)
