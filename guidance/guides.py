"""The service guide (办事指南) of an item, in sections ready to be shown. Pure."""

import functools
from dataclasses import dataclass

from guidance import wording
from guidance.offices import CITY_LEVEL
from guidance.schema.items import FILING, LICENCE

_SURVEYS = {
    "before": "会。决定之前，工作人员约好时间到现场看一次，结果当场告诉您。",
    "after": "会，但不用等：先办好，再到现场核查。",
    None: "不会，看材料就能决定。",
}


@dataclass(frozen=True)
class Step:
    """A picture step (图解). figure: which drawing of includes/figure.html stands beside it."""

    figure: str
    title: str
    text: str


@dataclass(frozen=True)
class Paper:
    material: object
    provider: str
    due: str
    notes: tuple  # sentences: how it may be put off or replaced


@dataclass(frozen=True)
class Earlier:
    """Another item that comes before this one, or goes along with it."""

    item: object
    text: str


@dataclass(frozen=True)
class Guide:
    item: object
    decided_by: str
    steps: tuple  # of Step, four to six
    conditions: tuple  # ((dimension, its Conditions), …)
    papers: tuple  # of Paper
    earlier: tuple  # of Earlier
    promise: tuple  # sentences on 告知承诺
    questions: tuple  # ((question, sentences), …)


@functools.lru_cache(maxsize=512)
def guide_of(catalogue, code):
    """Return the Guide of an item. Raises KeyError."""
    item = catalogue.items[code]
    papers = tuple(_paper(item, material) for material in item.materials)
    promise = tuple(_promise(item))
    return Guide(
        item=item,
        decided_by=decided_by(item),
        steps=tuple(_steps(item, papers)),
        conditions=_by_dimension(item.conditions),
        papers=papers,
        earlier=tuple(_earlier(catalogue, one) for one in item.prerequisites),
        promise=promise,
        questions=tuple((asked, answer) for asked, answer in _questions(catalogue, item, promise) if answer),
    )


def decided_by(item):
    """Who decides, in words (按事权分发, plan art. 7)."""
    return f"{item.department}（市级）" if item.level == CITY_LEVEL else f"经营场所所在县（市、区）的{item.department}"


def _steps(item, papers):
    own = [paper for paper in papers if paper.provider == wording.BY_APPLICANT]
    later = sum(item.deferrable and paper.material.deferrable for paper in own)
    yield Step("ask", "答几个问题", "说说您开什么店、在哪里、多大面积，确认要不要办。不用登录。")
    due = f"最多交 {len(own)} 份材料" if own else "不用交材料"
    due += f"，其中 {later} 份可以后补" if later else ""
    yield Step("form", "填一张表", f"执照上已有的系统带出来，您只填其余的；{due}。要办几个证也只填这一张。")
    yield Step("receive", "收件", "网上提交，或者到任何一个办事大厅的窗口交。材料不齐的，一次告诉您缺什么。")
    if item.survey_timing == "before":
        yield Step("survey", "到现场看", "工作人员约好时间到您的经营场所看一次。")
    decision = {LICENCE: "决定", FILING: "备案"}.get(item.kind, "办理")
    yield Step("decide", decision, f"{decided_by(item)}{_within(item)}。")
    result = f"得到《{item.certificate_name}》，手机上亮码就能用" if item.certificate_name else "办好后通知您"
    after = "；之后再到现场核查" if item.survey_timing == "after" else ""
    yield Step("result", "拿到结果", f"{result}{after}。")


def _within(item):
    limit = wording.committed_limit(item)
    return limit if limit == "当天办结" else f"在 {limit}内办好"


def _paper(item, material):
    notes = tuple(_notes(item, material))
    return Paper(material, wording.usual_provider(material), wording.when_due(material), notes)


def _notes(item, material):
    if item.deferrable and material.deferrable:
        yield f"可以后补（受理后 {material.defer_days} 个工作日以内）：{material.defer_method}。"
    if material.source == "commitment" or material.commitment_when:
        yield "选择告知承诺的，可以用承诺代替。"
    if material.reusable_certificate and wording.usual_provider(material) == wording.BY_APPLICANT:
        yield "系统里查得到电子证照的，不用交。"


def _by_dimension(conditions):
    dimensions = dict.fromkeys(condition.dimension for condition in conditions)
    return tuple((name, tuple(one for one in conditions if one.dimension == name)) for name in dimensions)


def _earlier(catalogue, prerequisite):
    text = "可以一起申请，一起办好" if prerequisite.relation == "together" else "要先办好"
    if prerequisite.if_required:
        text = f"您也要办它的，{text}"
    return Earlier(catalogue.items[prerequisite.item], "；".join(filter(None, (text, prerequisite.note))))


def _promise(item):
    """What may be done by promise (告知承诺, plan art. 9), or why not."""
    if not item.commitment_allowed:
        why = wording.why_no_promise(item)
        yield f"这一项不实行告知承诺（{why}）。" if why else "这一项不实行告知承诺。"
        return
    yield f"看情况：{item.commitment_reason}。" if item.commitment_when else "可以，由您选择。"
    yield f"先看清条件、作出承诺，{_promised_limit(item)}。"
    if within := wording.verified(item.commitment):
        yield f"{within}；与承诺不符的，要改正，改不了的撤销。"


def _promised_limit(item):
    limit = wording.committed_limit(item, by_promise=True)
    return limit if limit == "当天办结" else f"{limit}内办好"


def _questions(catalogue, item, promise):
    """Common questions, answered with what the catalogue says."""
    notices = [notice for notice in catalogue.notices.values() if item.code in notice.items]
    yield "什么情况要办？", tuple(dict.fromkeys(rule.because for rule in catalogue.rules if rule.item == item.code))
    yield "什么情况办不了？", tuple(notice.text for notice in notices if notice.level == "block")
    yield "还要注意什么？", tuple(notice.text for notice in notices if notice.level != "block")
    yield "材料一时拿不齐，能先交一部分吗？", tuple(_deferral(item))
    yield "能不能承诺了就办？", promise
    yield "会有人到现场看吗？", (_SURVEYS[item.survey_timing],)


def _deferral(item):
    papers = [paper.name for paper in item.materials if paper.deferrable]
    if item.deferrable and papers:
        yield f"可以（容缺受理）。主要材料齐全，只缺{'、'.join(papers)}的，写下承诺就先受理，在期限内补交。"
    else:
        yield item.deferrable_reason or "这一项的材料要一次交齐。"
