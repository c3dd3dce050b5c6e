"""A catalogue of the size a province reports, made up but shaped like the real one; the same in every run.

A root question asks for the sectors, each sector for its kinds, each kind for its details. A few questions that
everybody is asked (hubs: area, premises, staff) stand in thousands of rules, each time beside a question of one trade.
How many rules, notices, facts, papers and conditions there are for an item or question is counted from the real one.
"""

import random
from dataclasses import dataclass
from functools import partial
from itertools import islice

from portal.benchmarks.province_items import item_entry

ITEMS, QUESTIONS = 96_956, 9_000
# Per item, or per question, of guidance/catalogue.
_RULES_PER_ITEM, _NOTICES_PER_QUESTION, _FACTS_PER_QUESTION = 67 / 46, 37 / 40, 14 / 40
_HUB_SHARE, _BLOCK_SHARE = 0.3, 10 / 37
_KINDS, _CHAINED = 9, 0.3
_LEGAL_FORMS = ["company", "sole_prop", "partnership", "individual", "coop"]
_PLACES = ["shop", "office", "residential", "industrial", "rural", "online_only"]
_AREAS, _STAFF, _METRES = (50, 100, 300, 500, 800, 1000, 3000), (1, 10, 50, 100, 300), (50, 100, 200, 500)


def documents(items=ITEMS, questions=QUESTIONS, seed=1):
    """Return the four documents that Catalogue.from_data takes, with exactly that many items and questions."""
    return _Province(items, questions, random.Random(seed)).documents()  # noqa: S311


@dataclass
class _Trade:
    """A question of one trade, and what may be said about its answer."""

    entry: dict
    atoms: list  # comparisons that some answer meets


class _Province:
    def __init__(self, items, questions, chance):
        self.items, self.chance = items, chance
        # The real one has 12 sectors for 40 questions; 国民经济行业分类 has 97.
        self.sectors = [f"s{n}" for n in range(round(12 * (questions / 40) ** 0.386))]
        first, last = self._hubs()
        self.trades = list(islice(self._trades(), questions - len(first) - len(last)))
        self.trades.sort(key=lambda trade: trade.entry["group"])
        self.questions = [*first, *(trade.entry for trade in self.trades), *last]
        # By the code of its trade's question.
        self.facts = {trade.entry["code"]: self._fact(trade, n) for n, trade in enumerate(self._some_trades(questions))}

    def documents(self):
        rules = list(self._rules())
        notices = [self._notice(n) for n in range(round(len(self.questions) * _NOTICES_PER_QUESTION))]
        codes = [question["code"] for question in self.questions]
        fields = [_field(n) for n in range(200 + len(self.questions))]
        items = [item_entry(n, self.chance, len(fields), partial(self._narrowing, n)) for n in range(self.items)]
        return {
            "items": {"departments": [], "external_certificates": [], "items": items},
            "fields": {"fields": fields},
            "questions": {
                "questions": self.questions,
                "derived": [*self.facts.values()],
                "rules": rules,
                "notices": notices,
            },
            "themes": {"common_items": [], "themes": [self._theme(n) for n in range(max(1, len(codes) // 40))]},
        }

    def _hubs(self):
        """The questions for everybody: those before the trades, and those after them."""
        physical = {"not": {"eq": ["premises_type", "online_only"]}}
        before = [_question("sectors", "multi", "行业", self.sectors)]
        after = [
            _question("online_sale", "boolean", "行业", ask_when=self._some_sectors()),
            _question("premises_type", "single", "场所", _PLACES),
            _question("area", "number", "场所", limits=(1, 200_000), ask_when=physical),
            _question("school_distance", "number", "场所", limits=(0, 100_000), ask_when=physical),
            _question("outdoor_sign", "multi", "场所", ["own", "board", "banner"], ask_when=physical),
            _question("wastewater", "single", "场所", ["none", "sewer", "other"], ask_when=physical),
            _question("has_licence", "single", "执照和人员", ["none", "have"]),
            _question("entity_type", "single", "执照和人员", _LEGAL_FORMS),
            _question("staff_count", "number", "执照和人员", limits=(0, 100_000)),
            _question("prepaid_card", "boolean", "补充", ask_when=self._some_sectors()),
        ]
        return before, after

    def _some_sectors(self):
        return {"any": [{"contains": ["sectors", sector]} for sector in self.sectors[::2]]}

    def _trades(self):
        """First the kinds of every sector, then detail after detail, spread over sectors and kinds."""
        names = [f"k{n}" for n in range(_KINDS)]
        last = {}
        for sector in self.sectors:
            ask_when = {"contains": ["sectors", sector]}
            yield self._trade(f"{sector}_kinds", "multi", sector, ask_when, names)
        for n in range(QUESTIONS * 10):
            sector, kind = self.sectors[n % len(self.sectors)], names[n // len(self.sectors) % _KINDS]
            before = last.get((sector, kind))
            ask_when = {"contains": [f"{sector}_kinds", kind]}
            if before and self.chance.random() < _CHAINED:
                ask_when = self.chance.choice(before.atoms)
            sort = self.chance.choices(["multi", "single", "number", "boolean"], [12, 7, 6, 6])[0]
            trade = self._trade(f"{sector}_{kind}_{n}", sort, f"{sector}_{kind}", ask_when, ["a", "b", "c", "d"])
            last[sector, kind] = trade
            yield trade

    def _trade(self, code, sort, group, ask_when, names):
        entry = _question(code, sort, group, names, limits=(0, 10_000), ask_when=ask_when)
        if sort == "number":
            return _Trade(entry, [{"gte": [code, limit]} for limit in (1, 10, 300)])
        if sort == "boolean":
            return _Trade(entry, [{"eq": [code, True]}])
        operator = "contains" if sort == "multi" else "eq"
        return _Trade(entry, [{operator: [code, name]} for name in names])

    def _some_trades(self, questions):
        facts = round(questions * _FACTS_PER_QUESTION)
        return (self.trades[n * len(self.trades) // facts] for n in range(facts))

    def _fact(self, trade, n):
        """Several details of one trade, as 现场制作食品; or one detail in a large place, as 大型餐饮."""
        if n % 2 and len(trade.atoms) > 1:
            return {"code": f"fact{n}", "expr": {"any": trade.atoms[:2]}}
        return {"code": f"fact{n}", "expr": {"all": [trade.atoms[0], self._hub_atom()]}}

    def _hub_atom(self):
        chance = self.chance
        return chance.choice(
            [
                {"gte": ["area", chance.choice(_AREAS)]},
                {"gte": ["staff_count", chance.choice(_STAFF)]},
                {"eq": ["premises_type", chance.choice(_PLACES[:-1])]},
                {"in": ["entity_type", chance.sample(_LEGAL_FORMS, 2)]},
                {"eq": ["online_sale", True]},
                {"contains": ["outdoor_sign", "board"]},
                {"eq": ["wastewater", "sewer"]},
                {"not": {"gte": ["school_distance", chance.choice(_METRES)]}},
            ]
        )

    def _near(self, n):
        """The n-th item's trade, so that no question is asked in vain, or now and then one close by."""
        return self.trades[(n + (self.chance.randrange(5) if self.chance.random() < 0.2 else 0)) % len(self.trades)]

    def _when(self, trade):
        """One trade's answer; now and then a derived fact instead, or a second detail or a hub beside it."""
        atom = self.chance.choice(trade.atoms)
        if self.chance.random() < _HUB_SHARE:
            return {"all": [atom, self._hub_atom()]}
        if self.chance.random() < 0.1 and len(trade.atoms) > 1:
            return {"any": self.chance.sample(trade.atoms, 2)}
        if self.chance.random() < 0.5 and (fact := self.facts.get(trade.entry["code"])):
            return {"eq": [fact["code"], True]}
        return atom

    def _rules(self):
        yield _rule(0, {"eq": ["has_licence", "none"]})
        for n in range(1, self.items):
            yield _rule(n, self._when(self.trades[n % len(self.trades)]))
        for n in self.chance.choices(range(self.items), k=round(self.items * _RULES_PER_ITEM) - self.items):
            yield _rule(n, self._when(self._near(n)))

    def _notice(self, n):
        items = [f"item{self.chance.randrange(self.items)}"]
        trade = self.trades[n % len(self.trades)]
        level, when = "info", self._when(trade)
        if n == 0:
            when = {"eq": ["prepaid_card", True]}
        elif self.chance.random() < _BLOCK_SHARE:
            # As 网吧经营单位必须是企业; whoever is blocked may always become a company.
            level = "block"
            when = {"all": [self.chance.choice(trade.atoms), {"eq": ["entity_type", "individual"]}]}
        return {"code": f"notice{n}", "level": level, "text": f"请注意第{n}条。", "when": when, "items": items}

    def _narrowing(self, n):
        """When a condition, paper or field of the n-th item counts: often by what everybody is asked, as 网上销售."""
        return self._hub_atom() if self.chance.random() < 0.5 else self.chance.choice(self._near(n).atoms)

    def _theme(self, n):
        sector = self.sectors[n % len(self.sectors)]
        seeds = {"premises_type": "shop", "sectors": [sector], f"{sector}_kinds": ["k0", "k1"]}
        return {"code": f"theme{n}", "name": f"主题{n}", "summary": "", "seed_answers": seeds}


def _question(code, sort, group, names=(), *, limits=None, ask_when=None):
    choices = names if sort in ("single", "multi") else ()
    return {
        "code": code,
        "group": group,
        "text": f"关于{code}，您的情况是怎样的？",
        "type": sort,
        "options": [{"value": name, "label": f"{code}的第{name}种情况"} for name in choices],
        "validation": {"min": limits[0], "max": limits[1], "integer": True} if sort == "number" else {},
        "ask_when": ask_when,
        "facts": [code],
        "fills": [],
    }


def _rule(n, when):
    return {"item": f"item{n}", "when": when, "because": f"因为第{n}个理由，要办事项{n}。", "basis": f"第{n}项条例"}


def _field(n):
    return {"code": f"field{n}", "label": f"第{n}项", "type": "text", "group": "情况", "source": "ask"}
