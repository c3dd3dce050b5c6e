"""The form of a correction notice (补正告知): everything of the item may be ticked, each with what to put right."""

from dataclasses import dataclass

from django import forms

from routing.correcting import answered_points
from routing.models import About

FREE_POINTS = 3
_TEXT = {"max_length": 1000, "required": False}


@dataclass(frozen=True)
class Target:
    """What a point may be about. now: how it stands, in words; earlier: the answered CorrectionPoint it arises from."""

    about: str
    code: str
    label: str
    now: str = ""
    group: str = ""
    earlier: object = None

    @property
    def name(self):
        return f"again-{self.earlier.pk}" if self.earlier else f"{self.about}-{self.code}"


@dataclass(frozen=True)
class Row:
    target: Target
    tick: forms.BoundField
    text: forms.BoundField

    @property
    def is_open(self):
        return bool(self.tick.value() or self.text.value() or self.text.errors)


class CorrectionForm(forms.Form):
    """`points` gives what routing.correcting.ask takes. A second notice names what each point arises from."""

    def __init__(self, data=None, *, task, targets):
        super().__init__(data)
        self.earlier = list(answered_points(task))
        self.targets = [_again(point) for point in self.earlier] or targets
        self.subjects = {target.name: target for target in targets}
        for target in self.targets:
            self._add(target.name, forms.BooleanField(required=False, label=target.label))
            self._add(f"{target.name}-text", _text(f"{target.label}：要补正什么"))
        for number in range(1, FREE_POINTS + 1):
            self._add_free(f"free{number}", number)

    def _add(self, name, field):
        self.fields[name] = field

    def _add_free(self, name, number):
        subjects = [("", "其他内容"), *((target.name, target.label) for target in self.subjects.values())]
        self._add(f"{name}-about", forms.ChoiceField(label="关于", choices=subjects, required=False))
        if self.earlier:
            points = [("", "请选择"), *((str(point.pk), _title(point)) for point in self.earlier)]
            self._add(f"{name}-from", forms.ChoiceField(label="由哪一点引起", choices=points, required=False))
        self._add(f"{name}-text", _text(f"另外一点（{number}）"))

    @property
    def groups(self):
        """[(name of the group, Rows)], in the form's order."""
        groups = {}
        for target in self.targets:
            row = Row(target, self[target.name], self[f"{target.name}-text"])
            groups.setdefault(target.group, []).append(row)
        return list(groups.items())

    @property
    def free(self):
        """[the fields of one free point], for each."""
        names = [[f"free{number}-{part}" for part in ("about", "from", "text")] for number in range(1, FREE_POINTS + 1)]
        return [[self[name] for name in parts if name in self.fields] for parts in names]

    @property
    def has_free(self):
        """Whether something stands in a free point."""
        return any(field.value() or field.errors for fields in self.free for field in fields)

    def clean(self):
        for target in self.targets:
            self._check(target)
        for number in range(1, FREE_POINTS + 1):
            self._check_free(f"free{number}")
        if not self.errors and not self.points:
            raise forms.ValidationError("请至少勾选一点，并写明要补正什么。")

    def _check(self, target):
        """A notice is given once: what was half written must neither be sent nor be dropped unseen."""
        ticked, text = self._given(target.name), self._given(f"{target.name}-text")
        if ticked and not text and f"{target.name}-text" not in self.errors:
            self.add_error(f"{target.name}-text", "请写明要补正什么。")
        elif text and not ticked:
            self.add_error(f"{target.name}-text", "写了内容但没有勾选：要告知的请勾选，不告知的请清空。")

    def _check_free(self, name):
        text = self._given(f"{name}-text")
        if self._given(f"{name}-about") and not text and f"{name}-text" not in self.errors:
            self.add_error(f"{name}-text", "请写明要补正什么。")
        elif text and self.earlier and not self._given(f"{name}-from") and f"{name}-from" not in self.errors:
            self.add_error(f"{name}-from", "请指明由申请人补正的哪一点引起。")

    def _given(self, name):
        return self.cleaned_data.get(name)

    @property
    def points(self):
        """What was ticked or written, in the form's order; see routing.correcting.ask."""
        ticked = [target for target in self.targets if self._given(target.name)]
        points = [_point(target, self._given(f"{target.name}-text")) for target in ticked]
        return points + [
            self._free_point(f"free{n}") for n in range(1, FREE_POINTS + 1) if self._given(f"free{n}-text")
        ]

    def _free_point(self, name):
        target = self.subjects.get(self._given(f"{name}-about")) or Target(About.OTHER, "", "其他内容")
        arises_from = self._given(f"{name}-from")
        return _point(target, self._given(f"{name}-text")) | {"arises_from": int(arises_from) if arises_from else None}


def _again(point):
    now = point.answer or "已补正"
    return Target(point.about, point.code, point.label, now, "申请人这次补正的内容", point)


def _title(point):
    return f"第 {point.round} 次第 {point.number} 点：{point.label}"


def _text(label):
    return forms.CharField(label=label, widget=forms.Textarea({"rows": 2}), **_TEXT)


def _point(target, text):
    earlier = target.earlier.pk if target.earlier else None
    return {"about": target.about, "code": target.code, "label": target.label, "text": text, "arises_from": earlier}
