"""What a department decides on (事项), with its law, conditions and papers."""

from dataclasses import field

from guidance.schema.entry import entry

# Only the first is a 行政许可 in the sense of the Licensing Law; what an item is called and may do follows from it.
KINDS = LICENCE, FILING, SERVICE = ("行政许可", "备案", "公共服务")


@entry
class Department:
    code: str
    name: str
    note: str = ""


@entry
class ExternalCertificate:
    code: str
    name: str
    issuer: str
    type_code: str = ""
    from_items: tuple = ()


@entry
class LegalBasis:
    title: str
    doc_no: str
    article: str
    checked: bool


@entry
class Commitment:
    """What differs when the applicant chooses 告知承诺; `verify_within` is {value, unit} counted from the grant."""

    committed_days: int
    survey_timing: str
    verify_within: dict = field(default_factory=dict)


@entry
class Prerequisite:
    item: str
    relation: str  # before / together
    if_required: bool = False
    note: str = ""


@entry
class Restriction:
    text: str
    basis: str


@entry
class Condition:
    dimension: str
    text: str
    basis: str  # law / rule / policy
    when: dict | None = None
    check: dict | None = None  # {field, op, value} over form values


@entry
class Material:
    code: str
    name: str
    source: str  # applicant / shared / commitment / generated
    reusable_certificate: str | None = None
    deferrable: bool = False
    defer_days: int | None = None
    defer_method: str | None = None
    required_when: dict | None = None
    required_if: dict | None = None  # {field, op, value} over form values
    commitment_when: dict | None = None
    waits_for_item: bool = False
    only_when_committed: bool = False


@entry
class Fee:
    """What is charged, in words, and the law or administrative regulation that allows it (Licensing Law art. 58)."""

    text: str
    basis: str


@entry
class Item:
    code: str
    name: str
    plain: str
    batch: int
    department: str  # by name
    level: str  # 市级 / 县级
    kind: str  # one of KINDS
    committed_days: int
    also_called: tuple = ()
    legal_basis: tuple[LegalBasis, ...] = ()
    statutory_days: int | None = None
    statutory_unit: str = "working_days"
    statutory_from: str = "acceptance"
    statutory_note: str = ""
    extension_days: int | None = None
    committed_days_policy: bool = True
    validity_years: int | None = None
    validity_note: str = ""
    certificate_name: str | None = None
    certificate_type_code: str | None = None
    reform_mode: str | None = None
    commitment_allowed: bool = False
    commitment_exclusion: str | None = None
    commitment_reason: str = ""
    commitment_when: dict | None = None
    commitment: Commitment | None = None
    deferrable: bool = False
    deferrable_reason: str | None = None
    pre_registration: bool = False
    prerequisites: tuple[Prerequisite, ...] = ()
    site_survey: bool = False
    survey_timing: str | None = None
    restrictions: tuple[Restriction, ...] = ()
    conditions: tuple[Condition, ...] = ()
    materials: tuple[Material, ...] = ()
    form_fields: tuple = ()
    optional_fields: tuple = ()
    field_when: dict = field(default_factory=dict)
    fee: Fee | None = None  # None: nothing is charged
    to_verify: tuple = ()
    # Not in the YAML: the form fields that are neither optional here nor filled by the system.
    required_fields: frozenset = frozenset()


def with_required(entry, filled):
    """Return the item's entry with what must be filled in. filled: codes of what the system fills."""
    return {**entry, "required_fields": frozenset(entry["form_fields"]) - set(entry["optional_fields"]) - filled}
