"""The operators' pages for what the city tells the portal about enterprises.

The untrustworthy ones (plan art. 16), entered, ended, never deleted; and the connected sources of licences.
"""

from django import forms
from django.contrib import admin
from django.core.exceptions import ValidationError
from django.utils import timezone

from exchange import sharing
from exchange.models import Source
from guidance import releases
from guidance.admin import OperatorAdmin
from licensing.identifiers import check_uscc
from licensing.models import UntrustworthyEntry
from licensing.wording import day_text


class EntryForm(forms.ModelForm):
    # Longer than the number: people copy it with spaces.
    uscc = forms.CharField(label="统一社会信用代码", max_length=60)

    def clean_uscc(self):
        try:
            return check_uscc(self.cleaned_data["uscc"])
        except ValueError as error:
            raise ValidationError(str(error)) from None


class EndingForm(forms.ModelForm):
    """Of an entry only its end can change."""

    def clean_until(self):
        until = self.cleaned_data["until"]
        if until and until < self.instance.listed_on:
            raise ValidationError(f"不能早于列入日期（{day_text(self.instance.listed_on)}）。")
        return until


@admin.register(UntrustworthyEntry)
class UntrustworthyEntryAdmin(OperatorAdmin):
    pages = ("add", "change")
    fields = ["uscc", "name", "reason", "source", "listed_on", "until"]
    list_display = ["uscc", "name", "state", "source", "listed_on", "until", "by"]
    list_select_related = ["entered_by"]
    search_fields = ["uscc", "name"]

    @admin.display(description="状态")
    def state(self, entry):
        today = timezone.localdate()
        if entry.listed_on > today:
            return "还没有开始"
        return "已移出" if entry.until and entry.until < today else "在列"

    @admin.display(description="录入")
    def by(self, entry):
        return entry.entered_by or "—"

    def get_form(self, request, obj=None, change=False, **kwargs):
        return super().get_form(request, obj, change=change, **kwargs | {"form": EndingForm if obj else EntryForm})

    def get_readonly_fields(self, request, obj=None):
        return [name for name in self.fields if name != "until"] if obj else []

    def save_model(self, request, obj, form, change):
        if not change:
            obj.entered_by = request.user
        super().save_model(request, obj, form, change)


class SourceForm(forms.ModelForm):
    code = forms.ChoiceField(label="查什么", help_text="目录里的证照或者材料；要用到它的申请都会来查。")
    url = forms.URLField(
        label="接口地址",
        max_length=200,
        assume_scheme="https",
        help_text="https:// 开头；只有装在本机的前置机可以用 http://。对方要按数据共享的约定应答，约定见系统文档。",
    )

    class Meta:
        help_texts = {
            "name": "申请人看得到，例如“市不动产登记系统”。",
            "type_code": "对方目录里的证照类型代码。",
            "active": "停用后不再查询；已经查到的仍然算数。",
        }

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        # Kept as it is once entered: another code is another source.
        if "code" in self.fields:
            self.fields["code"].choices = [("", "请选择"), *_what_may_be_asked()]

    def clean_url(self):
        if not sharing.is_safe(self.cleaned_data["url"]):
            raise ValidationError("要用 https:// 开头的地址，不带用户名和密码；http:// 只能是本机。")
        return self.cleaned_data["url"]


def _what_may_be_asked():
    """Choices in groups, from the catalogue in force: what papers are, by whose code a source may know them."""
    try:
        catalogue = releases.load(releases.current().pk)
    except releases.NothingPublished:
        return []
    results = [(item.code, item.certificate_name) for item in catalogue.items.values() if item.certificate_name]
    held = [(one.code, one.name) for one in catalogue.external_certificates.values()]
    papers = {paper.code: paper.name for item in catalogue.items.values() for paper in item.materials}
    return [("其他证照", held), ("许可证和执照", results), ("单份材料", list(papers.items()))]


@admin.register(Source)
class SourceAdmin(OperatorAdmin):
    pages = ("add", "change")
    form = SourceForm
    fields = ["code", "name", "url", "type_code", "active"]
    list_display = ["name", "code", "state", "url"]
    search_fields = ["name", "code"]

    @admin.display(description="状态")
    def state(self, source):
        if not source.active:
            return "停用"
        return "启用" if sharing.available() else "启用，但没有设置密钥（SHARING_KEY），不会查询"

    def get_readonly_fields(self, request, obj=None):
        return ["code"] if obj else []
