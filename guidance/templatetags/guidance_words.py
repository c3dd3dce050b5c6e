from django import template

from guidance import wording

register = template.Library()
register.filter(wording.committed_limit)
register.filter(wording.statutory_limit)
register.filter(wording.validity)
register.filter(wording.survey)
register.filter(wording.fee)
register.filter(wording.usual_provider)
register.filter(wording.when_due)


@register.filter
def promised_limit(item):
    return wording.committed_limit(item, by_promise=True)


@register.filter
def charged(entries):
    """Those whose item is not free of charge."""
    return [one for one in entries if one.item.fee]


@register.filter
def handed_in(papers):
    """How many of the papers the person hands in."""
    return sum(paper.handed_in for paper in papers)
