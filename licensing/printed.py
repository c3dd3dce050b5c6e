"""What of an application is printed, the same for a draft as it stands and for what was signed."""

from dataclasses import dataclass

from guidance.requirements import elements_of
from licensing.commitments import commitments
from licensing.models import Application, How, Status
from licensing.snapshots import PROMISE, deferral_promise


@dataclass(frozen=True)
class Filing:
    application: Application
    values: dict  # {element code: value} as they stand
    signed: dict  # likewise as signed; a draft's are its own
    disputes: dict  # {element code: {"value", "reason", "was"}}
    applicant: dict  # of Enterprise and Premises: name, uscc, legal_representative, place, address
    elements: dict  # {item code: codes of the elements it asks for}
    papers: tuple  # of dicts: code, name, how, note, items: codes, by_hand: does the applicant bring it?
    commitments: dict  # {item code: paragraphs}
    deferral: str
    promise: str
    is_sample: bool = False  # filled in with examples, of nobody

    @property
    def is_draft(self):
        return self.application.status == Status.DRAFT

    @property
    def number(self):
        return "样例" if self.is_sample else self.application.label


def as_drafted(draft, plan, ways):
    """The Filing of a draft as it stands. ways: its Papers."""
    catalogue, facts = plan.catalogue, plan.situation.facts
    elements = {code: elements_of(catalogue, catalogue.items[code], facts) for code in plan.chosen}
    return Filing(
        application=draft,
        values=plan.values,
        signed=plan.values,
        disputes=plan.disputed,
        applicant=_applicant(_columns(draft.enterprise), _place(draft.premises)),
        elements={code: [element.code for element in asked] for code, asked in elements.items()},
        papers=tuple(_paper(one.code, one.name, one.how, one.note, one.items) for one in ways),
        commitments={code: one["text"] for code, one in commitments(plan).items()},
        deferral=deferral_promise(ways),
        promise=PROMISE,
    )


def as_signed(application, values=None):
    """The Filing of what was submitted. values: as they stand now, as signed unless given."""
    snapshot = application.snapshot
    asking = {
        paper: [code for code, item in snapshot["items"].items() if paper in item["materials"]]
        for paper in snapshot["materials"]
    }
    return Filing(
        application=application,
        values=snapshot["values"] if values is None else values,
        signed=snapshot["values"],
        disputes=snapshot.get("disputes", {}),
        applicant=_applicant(snapshot["enterprise"], snapshot["premises"]),
        elements={code: item["elements"] for code, item in snapshot["items"].items()},
        papers=tuple(
            _paper(code, met["name"], met["how"], met["note"], asking[code])
            for code, met in snapshot["materials"].items()
        ),
        commitments={code: one["text"] for code, one in snapshot.get("commitments", {}).items()},
        deferral=snapshot.get("deferral_promise", ""),
        promise=snapshot["promise"],
    )


def _columns(enterprise):
    return {name: getattr(enterprise, name) for name in ("name", "uscc", "legal_representative")} if enterprise else {}


def _place(premises):
    if premises is None:
        return {}
    return {"name": premises.name, "division_name": premises.division.name, "address": premises.address}


def _applicant(enterprise, premises):
    return {
        "name": enterprise.get("name", ""),
        "uscc": enterprise.get("uscc") or "",
        "legal_representative": enterprise.get("legal_representative", ""),
        "place": premises.get("name", ""),
        "division": premises.get("division_name", ""),
        "address": premises.get("address", ""),
    }


def _paper(code, name, how, note, items):
    return {
        "code": code,
        "name": name,
        "how": How(how).label,
        "note": note,
        "items": tuple(items),
        "by_hand": how in (How.UPLOAD, How.DEFERRED),
        "later": how == How.DEFERRED,
    }
