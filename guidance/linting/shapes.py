"""The form of every entry: its keys, which may be left out, and what each holds (guidance/catalogue/README.md)."""

from guidance.linting.checks import (
    answers,
    boolean,
    code,
    dictionary,
    expression,
    listing,
    nullable,
    number,
    one_of,
    record,
    scalar,
    short,
    text,
    up_to,
    whole,
)
from guidance.schema import KINDS

texts = listing(text)
words = listing(short(20))
# Ten years: no law counts longer in days, and a calendar must reach as far.
days = up_to(3650)
basis = one_of("law", "rule", "policy")
check = record(field=text, op=one_of("eq", "gte"), value=scalar)
options = listing(record(value=text, label=text), least=1)
SIMPLE_TYPES = ("text", "integer", "decimal", "date", "boolean", "choice", "id_number", "phone")
TYPES = (*SIMPLE_TYPES, "multichoice", "address", "uscc", "rows")

department = record(("note",), code=code, name=short(50), note=text)
certificate = record(("type_code", "from_items"), code=code, name=text, issuer=text, type_code=text, from_items=texts)

prerequisite = record(
    ("note",),
    item=text,
    relation=one_of("before", "together"),
    if_required=boolean,
    note=text,
)
condition = record(
    ("when", "check"),
    dimension=one_of("场所", "设备", "资金", "人员", "管理制度"),
    text=text,
    basis=basis,
    when=expression,
    check=check,
)
# Plan art. 9: what takes an item out of 告知承诺; and what is no approval, or planned by number.
GROUNDS = (
    *("国家安全", "国家秘密", "意识形态安全", "公共安全", "金融业审慎监管", "生态环境保护", "人身健康", "生命财产安全"),
    *("布局管控", "非审批事项"),
)
material = record(
    ("required_when", "required_if", "commitment_when", "waits_for_item", "only_when_committed"),
    code=code,
    name=text,
    source=one_of("applicant", "shared", "commitment", "generated"),
    reusable_certificate=nullable(text),
    deferrable=boolean,
    defer_days=nullable(days),
    defer_method=nullable(text),
    required_when=expression,
    required_if=check,
    commitment_when=expression,
    waits_for_item=boolean,
    only_when_committed=boolean,
)
commitment = record(
    committed_days=days,
    survey_timing=one_of("before", "after", "none"),
    verify_within=record(value=days, unit=one_of("working_days", "natural_days", "months")),
)
item = record(
    (
        "also_called",
        "statutory_unit",
        "statutory_from",
        "statutory_note",
        "validity_note",
        "certificate_type_code",
        "commitment",
        "commitment_when",
        "fee",
    ),
    code=code,
    name=short(100),
    plain=text,
    also_called=words,
    batch=one_of(0, 1, 2),
    department=text,
    level=one_of("市级", "县级"),
    kind=one_of(*KINDS),
    legal_basis=listing(record(title=text, doc_no=text, article=text, checked=boolean), least=1),
    statutory_days=nullable(days),
    statutory_unit=one_of("working_days", "natural_days", "months"),
    statutory_from=one_of("acceptance", "receipt"),
    statutory_note=text,
    extension_days=nullable(days),
    committed_days=days,
    committed_days_policy=one_of(True),
    validity_years=nullable(up_to(100)),
    validity_note=text,
    certificate_name=nullable(text),
    certificate_type_code=text,
    reform_mode=nullable(one_of("直接取消审批", "审批改为备案", "实行告知承诺", "优化审批服务")),
    commitment_allowed=boolean,
    commitment_exclusion=nullable(one_of(*GROUNDS)),
    commitment_reason=text,
    commitment=commitment,
    commitment_when=expression,
    deferrable=boolean,
    deferrable_reason=nullable(text),
    # A missing basis is told by guidance.linting.fees, with its mend.
    fee=nullable(record(("basis",), text=short(200), basis=short(200))),
    pre_registration=boolean,
    prerequisites=listing(prerequisite),
    site_survey=boolean,
    survey_timing=nullable(one_of("before", "after")),
    restrictions=listing(record(text=text, basis=basis)),
    conditions=listing(condition),
    materials=listing(material),
    form_fields=listing(text, least=1),
    optional_fields=texts,
    field_when=dictionary(expression),
    to_verify=texts,
)

validation_keys = ("pattern", "checksum", "min", "max", "max_length", "min_rows", "max_rows")
validation = record(
    validation_keys,
    pattern=text,
    checksum=one_of("GB 32100-2015", "GB 11643-1999"),
    min=number,
    max=number,
    max_length=whole,
    min_rows=whole,
    max_rows=whole,
)
column = record(
    ("unit", "choices", "validation"),
    code=code,
    label=text,
    type=one_of(*SIMPLE_TYPES),
    required=boolean,
    unit=text,
    choices=options,
    validation=validation,
)
element = record(
    ("unit", "choices", "hint", "columns", "system_filled", "computed"),
    code=code,
    label=short(100),
    type=one_of(*TYPES),
    unit=text,
    choices=options,
    group=text,
    source=one_of("profile", "licence", "history", "ask"),
    validation=validation,
    hint=text,
    columns=listing(column, least=1),
    system_filled=boolean,
    computed=record(("column",), op=one_of("count", "sum", "max"), rows=text, column=text),
)

question = record(
    ("unit", "options", "validation"),
    code=code,
    group=text,
    text=text,
    help=text,
    type=one_of("single", "multi", "number", "boolean"),
    unit=text,
    options=options,
    validation=record(("min", "max", "integer"), min=number, max=number, integer=boolean),
    ask_when=nullable(expression),
    facts=texts,
    fills=texts,
)
fact = record(code=code, note=text, expr=expression)
rule = record(item=text, when=expression, because=text, basis=text)
notice = record(
    ("basis",), code=code, level=one_of("block", "warn", "info"), when=expression, text=text, basis=text, items=texts
)
theme = record(
    ("also_called",),
    code=code,
    name=text,
    summary=text,
    also_called=words,
    core=texts,
    items=texts,
    seed_answers=answers,
)

# Per document: its lists of entries, and its other keys.
ENTRIES = {
    "items": {"departments": department, "external_certificates": certificate, "items": item},
    "fields": {"fields": element},
    "questions": {"questions": question, "derived": fact, "rules": rule, "notices": notice},
    "themes": {"themes": theme},
}
HEADS = {
    "items": record(("as_of", "title", "note"), version=one_of(1), as_of=text, title=text, note=text),
    "fields": record(version=one_of(1)),
    "questions": record(version=one_of(1)),
    "themes": record(version=one_of(1), common_items=texts),
}
