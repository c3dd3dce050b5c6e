"""An officer's queue: what their offices have to do, the most urgent first, and how much of it is what."""

from dataclasses import dataclass, replace
from functools import cached_property

from django.db.models import Case, Count, F, Q, Value, When
from django.http import QueryDict
from django.utils import timezone

from guidance.models import Item, Role
from routing.lamps import AT_WORK, STOPPED, next_limit, shown_lamp
from routing.models import ENDED, OPEN, ApprovalTask, Proposal, TaskStatus

REVIEW = "review"
# What an officer may look at: its name, the states in it (review: accepted, with a decision proposed).
STATES = {
    "todo": ("待办", (*AT_WORK, REVIEW)),
    "received": ("待受理", (TaskStatus.RECEIVED,)),
    "accepted": ("待决定", (TaskStatus.ACCEPTED,)),
    REVIEW: ("等第二人复核", (REVIEW,)),
    "correction": ("待补正", (TaskStatus.CORRECTION,)),
    "waiting": ("等待前置事项", (TaskStatus.WAITING,)),
    "decided": ("已办结", tuple(ENDED)),
    "all": ("全部", (REVIEW, *TaskStatus.values)),
}
LAMPS = {"红牌": "红牌", "黄牌": "黄牌", "预警": "预警", STOPPED: STOPPED}
WHOSE = {"mine": "我承办的", "nobody": "还没有承办人"}
# What was signed and typed is long, and no row of the list shows it.
LONG = [f"application__{name}" for name in ("snapshot", "values", "answers", "agreed_plan", "wizard")]


@dataclass(frozen=True)
class Choice:
    """What the officer looks at; what is empty is not asked. state: a key of STATES; lamp: of LAMPS; office: its pk."""

    state: str = "todo"
    lamp: str = ""
    whose: str = ""
    office: str = ""
    item: str = ""
    text: str = ""

    @property
    def states(self):
        return STATES[self.state][1]

    def takes(self, cell):
        return cell.state in self.states and all(
            getattr(self, name) in ("", getattr(cell, name)) for name in ("lamp", "whose", "office", "item")
        )


@dataclass(frozen=True)
class Cell:
    """How many tasks are alike in all that the filters ask for."""

    state: str
    lamp: str
    whose: str
    office: str
    item: str
    number: int


@dataclass(frozen=True)
class Option:
    """One choice of a filter: what it is called, how many rows it leads to, whether it is the present one."""

    value: str
    label: str
    number: int
    is_chosen: bool


class Queue:
    """The tasks of a user's offices, looked at by a Choice: its rows, and the right count beside every filter."""

    def __init__(self, user, choice=None):
        self.user, self.choice, self.today = user, choice or Choice(), timezone.localdate()

    @cached_property
    def posts(self):
        return list(self.user.posts.select_related("office").order_by("office__division__code", "office__name"))

    @cached_property
    def cells(self):
        """All that the filters count, in two queries: a row for each combination there is, however many the tasks."""
        # What has ended needs neither lamp nor proposal, so an index of its own answers it without the rows.
        ended = self._counted(self._found().filter(status__in=ENDED), F("status"), Value(""))
        return ended + self._counted(self._sorted_out().filter(status__in=OPEN), F("state"), F("lamp"))

    def _counted(self, tasks, state, lamp):
        rows = (
            tasks.values_list(state, lamp, "assignee", "office_id", "item_code").annotate(number=Count("*")).order_by()
        )
        return [Cell(state, lamp, self._whose(who), str(office), *more) for state, lamp, who, office, *more in rows]

    def _whose(self, assignee):
        return "nobody" if assignee is None else "mine" if assignee == self.user.pk else ""

    @property
    def number(self):
        return self.number_of(self.choice)

    def number_of(self, choice):
        return sum(cell.number for cell in self.cells if choice.takes(cell))

    def rows(self):
        """The tasks looked at, each with its `state` and `lamp`."""
        choice = self.choice
        tasks = self._sorted_out().filter(status__in={_status(state) for state in choice.states})
        if choice.state in ("accepted", REVIEW):
            # One status of the two states; elsewhere the plain column has said it all.
            tasks = tasks.filter(state__in=choice.states)
        wanted = {"lamp": choice.lamp, "office": choice.office, "item_code": choice.item}
        tasks = tasks.filter(**{name: value for name, value in wanted.items() if value})
        if choice.whose:
            tasks = tasks.filter(assignee=self.user if choice.whose == "mine" else None)
        related = ("application__enterprise", "item", "office", "assignee")
        return tasks.select_related(*related).defer(*LONG).order_by(*self._order())

    def options(self, name, labels):
        """The Options of the filter `name`; labels: {value: label}. Each count keeps what the other filters say."""
        chosen = getattr(self.choice, name)
        return [
            Option(value, label, self.number_of(replace(self.choice, **{name: value})), value == chosen)
            for value, label in labels.items()
        ]

    def item_names(self):
        """{code: name} of all items there are tasks of, as the newest release calls them."""
        codes = {cell.item for cell in self.cells}
        named = Item.objects.filter(code__in=codes).order_by("code", "-release").distinct("code")
        return dict(sorted(named.values_list("code", "name"), key=lambda row: row[1]))

    @property
    def office_names(self):
        return {str(post.office_id): post.office.name for post in self.posts}

    @property
    def is_head(self):
        return any(post.role == Role.HEAD for post in self.posts)

    def _order(self):
        """What has ended, the latest first; what is looked for in everything, the newest; else the most urgent."""
        newest = {"decided": [F("decided_at").desc(), "-pk"], "all": ["-pk"]}
        return newest.get(self.choice.state, [next_limit().asc(nulls_last=True), "pk"])

    def _found(self):
        # By the offices' keys and not through a join, so that the indexes of an office serve.
        tasks = ApprovalTask.objects.filter(office__in=[post.office_id for post in self.posts])
        return tasks.matching(self.choice.text) if self.choice.text else tasks

    def _sorted_out(self):
        """The tasks found, each with its `state` and `lamp`."""
        proposed = Q(status=TaskStatus.ACCEPTED, pk__in=Proposal.objects.filter(settled_at=None).values("task"))
        state = Case(When(proposed, then=Value(REVIEW)), default=F("status"))
        return self._found().annotate(state=state, lamp=shown_lamp(self.today))


def _status(state):
    return TaskStatus.ACCEPTED if state == REVIEW else state


def figures_for(user):
    """Return what waits in each of the user's offices: {"office", "is_head", "figures": [{"label", "number", "look"}]}.

    look: the filters, as a QueryDict, that lead to as many rows.
    """
    queue = Queue(user)
    return [
        {"office": post.office, "is_head": post.role == Role.HEAD, "figures": _figures(queue, str(post.office_id))}
        for post in queue.posts
    ]


def _figures(queue, office):
    states = ("received", "accepted", REVIEW, "correction", "waiting")
    looks = [(STATES[state][0], {"state": state}) for state in states]
    looks += [(label, {"lamp": lamp}) for lamp, label in LAMPS.items()]
    looks.append((WHOSE["mine"], {"whose": "mine"}))
    return [_figure(queue, label, {"office": office} | look) for label, look in looks]


def _figure(queue, label, look):
    address = QueryDict(mutable=True)
    address.update(look)
    return {"label": label, "number": queue.number_of(Choice(**look)), "look": address}
