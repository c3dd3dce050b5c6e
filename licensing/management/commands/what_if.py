import json
from pathlib import Path

from django.core.management.base import BaseCommand, CommandError
from django.db import connection, transaction

from guidance import loading, overlays, releases
from guidance.linting import lint
from guidance.linting.overlays import lint as lint_overlay
from guidance.management import tables
from guidance.management.catalogues import FOLDER
from guidance.management.numbers import positive
from guidance.reading import read_file
from guidance.schema import FILES, Catalogue
from licensing.comparing import Effect
from licensing.what_if import what_if

_KINDS = {
    "items": "事项",
    "papers": "要交的材料",
    "fields": "要填的内容",
    "days": "预计时间",
    "answers": "问题或者回答",
}
_UNITS = {"items": "项", "papers": "份", "fields": "项", "days": "个工作日"}
_EFFECTS = {Effect.UNAFFECTED: "不受影响", Effect.BETTER: "草稿要得更少", Effect.NEED_ACTION: "需要处理"}


class Command(BaseCommand):
    help = (
        "拿目录草稿重放最近的问答和申请：谁会办别的事项、交别的材料、填得更多或者更少、等得更久或者更快，各有多少，"
        "列出最大的十种差别和原因；还没有办完的申请分成不受影响、草稿要得更少、需要处理（只有没提交的草稿会，已提交的仍按原来那一版办）。"
        "草稿先要通过检查。只读数据库，什么也不改；不输出个人信息，申请只写编号或者申请码。"
        "进度写在标准错误；成功退出码0（有没有差别都是），草稿有错误或者读不了退出码1。"
    )

    def add_arguments(self, parser):
        parser.add_argument(
            "draft",
            help="目录草稿：四个文件都在的文件夹，或者只写改动的一个YAML文件（写法同overlays里的文件，文件名随意；"
            "改的是它上一级文件夹里的目录，没有就是guidance/catalogue）",
        )
        parser.add_argument(
            "--last", type=positive, default=1000, metavar="N", help="最近多少次问答、多少件申请（默认1000）"
        )
        parser.add_argument("--json", action="store_true", help="只输出JSON")

    def handle(self, *args, draft, last, **options):
        with tables.needed(), transaction.atomic():
            with connection.cursor() as cursor:
                cursor.execute("SET TRANSACTION READ ONLY")
            try:
                catalogue = Catalogue.from_data(_documents(Path(draft)))
                findings = what_if(catalogue, last, lambda done: self.stderr.write(done, str))
            except loading.CatalogueRefused as refused:
                raise CommandError(f"草稿有{len(refused.problems)}处错误，没有重放：\n{refused}") from None
            except releases.NothingPublished as nothing:
                raise CommandError(str(nothing)) from None
        self.stdout.write(
            json.dumps(_report(findings), ensure_ascii=False, indent=2)
            if options["json"]
            else "\n".join(_lines(findings))
        )


def _documents(draft):
    """The four documents of the draft, linted. Raises CatalogueRefused."""
    if draft.is_dir():
        return loading.checked_documents(draft)
    if not draft.is_file():
        raise CommandError(f"找不到这个文件夹或者文件：{draft}")
    if draft.stem in FILES:
        raise CommandError(f"{draft.name}只是目录的四个文件之一，请写它所在的文件夹：{draft.parent}")
    beside = draft.resolve().parent.parent
    common = loading.checked_documents(beside if (beside / "items.yaml").is_file() else FOLDER)
    try:
        changes = read_file(draft)
    except ValueError as error:
        raise CommandError(f"读不了 {draft}：{error}") from None
    if isinstance(changes, dict) and isinstance(changes.get("name"), str):
        # A draft may be called as it likes; only what is published goes by its file's name.
        changes = changes | {"name": draft.stem}
    _refuse(lint_overlay(changes, common, draft.stem))
    documents, _differences = overlays.apply(common, changes)
    _refuse(lint(documents))
    return documents


def _refuse(problems):
    if problems:
        raise loading.CatalogueRefused(problems)


def _report(findings):
    return {
        "sessions": _cases(findings.sessions),
        "applications": _cases(findings.applications),
        "open": {
            met: {
                "count": sum(count for count, _ in cases.values()),
                "cases": [
                    {"lines": one.lines, "count": count, "applications": labels}
                    for one, (count, labels) in cases.items()
                    if one
                ],
            }
            for met, cases in findings.open.items()
        },
        "largest": [
            {"lines": one.lines, "sessions": sessions, "applications": applications, "named": labels}
            for one, sessions, applications, labels in findings.largest()
        ],
    }


def _cases(cases):
    return {
        "replayed": cases.replayed,
        "unfinished": cases.unfinished,
        "other": {kind: cases.other[kind] for kind in ("any", *_KINDS)},
        "more": {kind: cases.totals[kind] for kind in _UNITS},
    }


def _lines(findings):
    for name, cases in (("问答", findings.sessions), ("申请", findings.applications)):
        yield f"{name}：重放 {cases.replayed} 件（没有答完的 {cases.unfinished} 件只看答案）"
        yield f"  有差别：{cases.other['any']} 件"
        for kind, what in _KINDS.items():
            more = f"，合计 {cases.totals[kind]:+d} {_UNITS[kind]}" if kind in _UNITS else ""
            yield f"  {what}不同：{cases.other[kind]} 件{more}"
    yield "还没有办完的申请："
    for met, cases in findings.open.items():
        yield f"  {_EFFECTS[met]}：{sum(count for count, _ in cases.values())} 件"
        for one, (count, labels) in cases.items():
            if one:
                yield f"    {count} 件（{_named(labels, count)}）：{'；'.join(one.lines)}"
    largest = findings.largest()
    yield f"最大的 {len(largest)} 种差别：" if largest else "没有差别。"
    for place, (one, sessions, applications, labels) in enumerate(largest, start=1):
        named = f"（{_named(labels, applications)}）" if labels else ""
        yield f"{place}. 问答 {sessions} 件，申请 {applications} 件{named}"
        yield from (f"   {line}" for line in one.lines)


def _named(labels, count):
    return "、".join(labels) + ("等" if len(labels) < count else "")
