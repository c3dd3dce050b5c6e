from django import forms

from guidance.wording import committed_limit

ORDINARY = "ordinary"
PROMISE = "promise"


class WayForm(forms.Form):
    """For each item that allows it: the ordinary way, which stands ready, or by promise (告知承诺).

    barred: the enterprise may give no promise (plan art. 16), so there is only the ordinary way.
    """

    def __init__(self, plan, barred, *args, **options):
        super().__init__(*args, **options)
        for code in plan.committable:
            chosen = PROMISE if code in plan.committed and not barred else ORDINARY
            self.fields[code] = _way_of(plan.catalogue.items[code], barred)
            self.initial[code] = chosen

    @property
    def committed(self):
        """Codes of the items to be filed by promise."""
        return [code for code, way in self.cleaned_data.items() if way == PROMISE]


def _way_of(item, barred):
    ways = [(ORDINARY, f"一般程序，承诺{_days(committed_limit(item))}")]
    if not barred:
        ways.append((PROMISE, f"告知承诺，承诺{_days(committed_limit(item, by_promise=True))}"))
    return forms.ChoiceField(
        label=f"“{item.name}”怎么办？",
        choices=ways,
        widget=forms.RadioSelect,
        error_messages={"required": "请选一项", "invalid_choice": "这个事项现在不能这样办，请从列出的选项里选一项"},
    )


def _days(limit):
    return limit if limit == "当天办结" else f" {limit}办完"
