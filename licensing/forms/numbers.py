"""Form fields for counts and measures. A count cleans to an int; a measure to text, so that 12.50 stays 12.50."""

import re
from decimal import Decimal

from django import forms
from django.core.exceptions import ValidationError

from guidance.quantities import bare_number

# Finer than this nobody measures; 0.000001 万元 is a fen.
MOST_DECIMALS = {"平方米": 2, "元": 2, "万元": 6}
# Beyond this a value is a slip of the finger, and PostgreSQL's and JSON's numbers would round it.
MOST_DIGITS = 15


class NumberField(forms.CharField):
    """What both share: a number as people type it on a phone."""

    inputmode = "decimal"
    example = "12.5"

    def __init__(self, *, unit="", low=None, high=None, **options):
        widget = forms.TextInput(attrs={"inputmode": self.inputmode, "autocomplete": "off"})
        errors = {
            "required": "请填写一个数字" + ("" if low else "，没有就填 0"),
            "max_length": "这里只填数字，请写短一些",
        }
        super().__init__(widget=widget, max_length=40, empty_value=None, error_messages=errors, **options)
        self.unit, self.low, self.high = unit, low, high

    def clean(self, value):
        text = super().clean(value)
        if text is None:
            return None
        text = bare_number(text, self.unit)
        if text is None:
            raise ValidationError(self._no_number(value))
        number = Decimal(text)
        if len(text) > MOST_DIGITS:
            raise ValidationError("这个数太长了，请核对")
        if self.low is not None and number < Decimal(str(self.low)):
            raise ValidationError(f"不能小于 {self.low}{self._unit}，请核对")
        if self.high is not None and number > Decimal(str(self.high)):
            raise ValidationError(f"不能大于 {self.high}{self._unit}，请核对单位和数字")
        return self.kept(number, value)

    def _no_number(self, typed):
        if re.search("[,，]", typed):
            return f"“{typed}”里的逗号只用来隔开千位，例如 1,200；小数点请写“.”，例如 {self.example}"
        unit = f"，单位是{self.unit}" if self.unit else ""
        return f"“{typed}”不是数字，请只填数字，例如 {self.example}{unit}"

    @property
    def _unit(self):
        return f" {self.unit}" if self.unit else ""


class CountField(NumberField):
    inputmode = "numeric"
    example = "12"

    def kept(self, number, typed):
        if number != number.to_integral_value():
            raise ValidationError(f"“{typed}”带有小数，这里请填整数")
        return int(number)


class MeasureField(NumberField):
    def kept(self, number, typed):
        most = MOST_DECIMALS.get(self.unit)
        if most is not None and number != round(number, most):
            raise ValidationError(f"“{typed}”小数太多，{self.unit}最多写到小数点后 {most} 位，请四舍五入")
        # abs(): a typed -0 is 0.
        return f"{number if number else abs(number):f}"
