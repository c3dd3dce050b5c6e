"""What an item asks for in a situation: its conditions, papers and form elements. Pure."""

from decimal import Decimal

from guidance.expressions import COMPARISONS, evaluate


def conditions_of(item, situation):
    """The item's conditions, without those that certainly do not apply."""
    return [condition for condition in item.conditions if _may_apply(condition.when, situation.facts)]


def elements_of(catalogue, item, facts):
    """The form elements the item shows, in its own order; one leaves only when its `field_when` is certainly false."""
    return [catalogue.elements[code] for code in item.form_fields if _may_apply(item.field_when.get(code), facts)]


def is_required(item, element_code):
    """Must the applicant fill it for this item? Where it shows; what the system fills is never demanded."""
    return element_code in item.required_fields


def may_commit(item, facts):
    """May the applicant choose 告知承诺 for it (plan art. 9)? What narrows it must certainly hold."""
    return item.commitment_allowed and _certainly(item.commitment_when, facts)


def materials_of(item, facts, values, *, committed=False):
    """The item's papers, `generated` ones (printed by the system, never counted) included.

    `values`: form values by element code, as an application keeps them. A paper that hangs on a form value
    (`required_if`) is asked for once that value is there and says so. committed: on the commitment path its pledges
    come along; what the promise stands for is still among them (is_promised).
    """
    return [
        material
        for material in item.materials
        if (committed or not material.only_when_committed)
        and _may_apply(material.required_when, facts)
        and (material.required_if is None or meets(material.required_if, values))
    ]


def undecided_of(item, facts, values):
    """The papers that only a value of the form, still empty, will ask for or spare."""
    return [
        material
        for material in item.materials
        if material.required_if and meets(material.required_if, values) is None
        if _may_apply(material.required_when, facts)
    ]


def is_promised(material, facts):
    """Does the promise stand for this paper on the commitment path? Where narrowed, only if that certainly holds."""
    replaceable = material.source == "commitment" or material.commitment_when is not None
    return replaceable and _certainly(material.commitment_when, facts)


def results_of(catalogue, material):
    """Codes of the items whose result the paper is, in the catalogue's order: it comes from them, not from a person."""
    certificate = catalogue.external_certificates.get(material.reusable_certificate)
    sources = certificate.from_items if certificate else (material.reusable_certificate,)
    return [code for code in catalogue.items if code in sources]


def meets(check, values):
    """Does the form meet {field, op: eq|gte, value}? None while the field is empty."""
    value = values.get(check["field"])
    if value is None or value == "":
        return None
    wanted = check["value"]
    if not isinstance(wanted, bool | str):
        # Decimals are kept as text, so that 12.10 stays 12.10.
        value, wanted = Decimal(str(value)), Decimal(str(wanted))
    return COMPARISONS[check["op"]](value, wanted)


def _may_apply(when, facts):
    return when is None or evaluate(when, facts) is not False


def _certainly(when, facts):
    return when is None or evaluate(when, facts) is True
