"""The filters of the queue, as they come with an address."""

from django import forms

from routing.queue import LAMPS, STATES, WHOSE, Choice


class QueueForm(forms.Form):
    """Looking through the queue. What makes no sense is left out instead of complained about."""

    q = forms.CharField(
        label="查找",
        required=False,
        max_length=100,
        widget=forms.TextInput({"type": "search", "placeholder": "办件编号、名称或统一社会信用代码"}),
    )
    state = forms.ChoiceField(required=False, choices=[(code, label) for code, (label, _) in STATES.items()])
    lamp = forms.ChoiceField(required=False, choices=list(LAMPS.items()))
    whose = forms.ChoiceField(required=False, choices=list(WHOSE.items()))
    office = forms.ChoiceField(required=False)
    item = forms.SlugField(required=False, max_length=60)

    def __init__(self, *args, offices, **options):
        """offices: {value: name} of the user's own."""
        super().__init__(*args, **options)
        self.fields["office"].choices = list(offices.items())

    @property
    def choice(self):
        self.is_valid()
        given = {name: value for name, value in self.cleaned_data.items() if value}
        return Choice(text=given.pop("q", ""), **given)
