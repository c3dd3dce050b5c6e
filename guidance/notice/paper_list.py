"""The papers of the chosen items, each once: who provides it, and what may stand for it or come later. Pure."""

from dataclasses import dataclass

from guidance.recommendation import provider
from guidance.requirements import is_promised, materials_of, may_commit, results_of, undecided_of
from guidance.wording import BY_APPLICANT, measure, names


@dataclass(frozen=True)
class Later:
    """容缺: the paper may be handed in so many working days after acceptance, in this way."""

    days: int
    method: str


@dataclass(frozen=True)
class PaperLine:
    name: str
    provider: str
    items: tuple  # names of the chosen items that ask for it
    numbers: tuple  # their places among the chosen ones, from 1
    promised: tuple  # names of those for which the promise (告知承诺) may stand instead
    later: Later | None
    only_if: str  # "" unless an answer of the form decides whether it is asked for
    pledge: bool  # exists on the way of 告知承诺 only
    comes_from: str  # names of the items whose result it is

    @property
    def handed_in(self):
        return self.provider == BY_APPLICANT

    @property
    def remarks(self):
        """What is to be known of it, in sentences."""
        told = (
            self.only_if and f"{self.only_if}的才要。",
            "选告知承诺的才有，按您的承诺生成。" if self.pledge else "",
            self._origin(),
            self._promise(),
            self.later and f"可以容缺：受理后 {self.later.days} 个工作日内补，{self.later.method}。",
        )
        return [sentence for sentence in told if sentence]

    def _origin(self):
        if not self.comes_from:
            return ""
        return (
            f"这次没有选{self.comes_from}，办好后请提交。" if self.handed_in else f"{self.comes_from}办好后自动取得。"
        )

    def _promise(self):
        if not self.promised:
            return ""
        if self.promised == self.items:
            return "选告知承诺的，以承诺代替，不用交。"
        return f"{'、'.join(f'“{name}”' for name in self.promised)}选告知承诺的，以承诺代替；其他事项还要用。"


@dataclass(frozen=True)
class _Asking:
    item: object
    material: object
    promised: bool
    undecided: bool


def paper_list(catalogue, situation, chosen, told, results):
    """Return the PaperLines of these items, what is handed in first.

    chosen: a list of item codes, in the order in which they are numbered; told: values of the form that are known;
    results: recommendation.Results to be handed in beside the papers.
    """
    askings = {}
    for item in (catalogue.items[code] for code in chosen):
        for asking in _asked(catalogue, item, situation.facts, told):
            askings.setdefault(asking.material.code, []).append(asking)
    lines = [_line(catalogue, situation, chosen, asking) for asking in askings.values()]
    lines += [_result_line(catalogue, chosen, result) for result in results]
    return tuple(sorted(lines, key=lambda line: not line.handed_in))


def _asked(catalogue, item, facts, told):
    by_promise = may_commit(item, facts)
    asked = materials_of(item, facts, told, committed=by_promise)
    for material in (*asked, *undecided_of(item, facts, told)):
        yield _Asking(item, material, by_promise and is_promised(material, facts), material not in asked)


def _line(catalogue, situation, chosen, asking):
    material = asking[0].material
    who = provider(catalogue, material, situation.items, chosen)
    counting = situation.items if who == BY_APPLICANT else chosen
    results = [code for code in results_of(catalogue, material) if code in counting]
    return PaperLine(
        name=material.name,
        provider=who,
        items=tuple(one.item.name for one in asking),
        numbers=tuple(chosen.index(one.item.code) + 1 for one in asking),
        promised=tuple(one.item.name for one in asking if one.promised),
        later=_later(asking) if who == BY_APPLICANT else None,
        only_if=_only_if(catalogue, asking),
        pledge=all(one.material.only_when_committed for one in asking),
        comes_from=names(results, catalogue),
    )


def _result_line(catalogue, chosen, result):
    return PaperLine(
        name=result.name,
        provider=BY_APPLICANT,
        items=result.items,
        numbers=tuple(chosen.index(item.code) + 1 for item in result.waiting),
        promised=(),
        later=None,
        only_if="",
        pledge=False,
        comes_from=names([result.item.code], catalogue),
    )


def _later(asking):
    """May every item that asks for it wait? Then until the strictest of their limits."""
    if not all(one.item.deferrable and one.material.deferrable for one in asking):
        return None
    strictest = min((one.material for one in asking), key=lambda material: material.defer_days)
    return Later(strictest.defer_days, strictest.defer_method)


def _only_if(catalogue, asking):
    if not all(one.undecided for one in asking):
        return ""
    check = asking[0].material.required_if
    return measure(catalogue.elements[check["field"]], check)
