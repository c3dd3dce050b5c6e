import json
from dataclasses import asdict
from pathlib import Path

from django.core.management.base import BaseCommand, CommandError
from django.db import connection, transaction

from guidance import releases
from guidance.engine import InvalidAnswer
from guidance.management import tables
from guidance.wording import answer_text
from licensing import papers, savings, typical
from licensing.models import How
from licensing.plan import plan_for


class Command(BaseCommand):
    help = (
        "算一个主题按一张表、一套材料办，省了多少：逐项办要填多少项、交多少份，合并后多少，去掉已有的多少，真正要填、要交的多少。"
        "用发布的目录和办件用的同一套规则算，不写数据库。主题没有预选的问题按常见情况回答（licensing/typical.py），"
        "可以用告知承诺办的按告知承诺算，--ordinary 都按一般程序算；默认已有营业执照，--founder 还没有；"
        "--answers 换成自己的回答；--json 只输出 JSON。"
    )

    def add_arguments(self, parser):
        parser.add_argument("--theme", required=True, help="主题代码，例如 convenience-store")
        parser.add_argument("--founder", action="store_true", help="还没有营业执照，一起办设立登记")
        parser.add_argument("--ordinary", action="store_true", help="都按一般程序办，不用告知承诺")
        parser.add_argument("--answers", metavar="FILE", help="JSON 文件 {问题代码: 答案}，代替常见的回答")
        parser.add_argument("--json", action="store_true", help="只输出 JSON")

    def handle(self, *args, theme, founder, ordinary, answers, **options):
        with tables.needed(), transaction.atomic():
            with connection.cursor() as cursor:
                cursor.execute("SET TRANSACTION READ ONLY")
            plan, met = _case(theme, founder, ordinary, _given(answers))
        saved = savings.savings(plan, met)
        self.stdout.write(_as_json(saved) if options["json"] else "\n".join(_lines(plan, met, saved)))


def _given(path):
    if path is None:
        return {}
    try:
        given = json.loads(Path(path).read_text(encoding="utf-8-sig"))
    except (OSError, ValueError) as error:
        raise CommandError(f"读不了 {path}：{error}") from None
    if not isinstance(given, dict):
        raise CommandError(f"{path} 里要写成 {{问题代码: 答案}}")
    return given


def _case(code, founder, ordinary, given):
    """(Plan, Papers) of the theme's typical case."""
    try:
        release = releases.current()
        catalogue = releases.load(release.pk)
        if code not in catalogue.themes:
            raise CommandError(f"没有“{code}”这个主题，可以选：{'、'.join(catalogue.themes)}")
        answers = typical.answers_of(catalogue, catalogue.themes[code], founder=founder, given=given)
    except (releases.NothingPublished, InvalidAnswer) as error:
        raise CommandError(str(error)) from None
    committed = () if ordinary else catalogue.items
    application = typical.application_of(release, answers, founder=founder, committed=committed)
    plan = plan_for(application)
    return plan, papers.ways(application, plan)


def _as_json(saved):
    shown = {kind: {k: v for k, v in counts.items() if k != "left"} for kind, counts in _counts(saved).items()}
    return json.dumps(shown)


def _counts(saved):
    return {kind: counts for kind, counts in asdict(saved).items() if isinstance(counts, dict)}


def _lines(plan, met, saved):
    yield f"事项（{saved.items}）：{'、'.join(plan.names(plan.chosen))}"
    yield f"按告知承诺办的：{'、'.join(plan.names(plan.committed)) or '没有'}"
    yield "回答："
    for code in plan.situation.path:
        question = plan.catalogue.questions[code]
        yield f"  {question.text} {answer_text(question, plan.situation.answers[code])}"
    yield "要交的材料："
    yield from (f"  {paper.name}" for paper in met if paper.how in (How.UPLOAD, How.DEFERRED))
    yield "要填的内容："
    yield from (f"  {step.name}：{_labels(plan, step)}" for step in plan.form_steps if _labels(plan, step))
    yield f"{'':14}{'逐项办':>8}{'合并后':>8}{'去掉已有':>8}{'真正要的':>8}"
    for name, kind in (("填写内容（项）", saved.fields), ("提交材料（份）", saved.papers)):
        yield f"{name}" + "".join(f"{count:>10}" for count in asdict(kind).values())


def _labels(plan, step):
    return "、".join(wanted.element.label for wanted in step.wanted if plan.is_typed(wanted))
