"""The real catalogue is in order; one thing changed in it is found and named by file, entry and key."""

import itertools

import pytest

from guidance.linting import lint

FILES = {
    "items": "items",
    "departments": "items",
    "external_certificates": "items",
    "fields": "fields",
    "questions": "questions",
    "derived": "questions",
    "rules": "questions",
    "notices": "questions",
    "themes": "themes",
}


def entry_of(documents, name, code):
    entries = documents[FILES[name]][name]
    if name == "rules":
        item, _, number = code.rpartition("-")
        return [entry for entry in entries if entry["item"] == item][int(number) - 1]
    return next(entry for entry in entries if entry["code"] == code)


def put(key, value):
    """Set entry[key], the key a path with dots; a number counts in a list."""

    def change(entry):
        *way, last = [int(step) if step.isdigit() else step for step in key.split(".")]
        for step in way:
            entry = entry[step]
        entry[last] = value

    return change


def drop(key):
    return lambda entry: entry.pop(key)


def add(key, *more):
    return lambda entry: entry[key].extend(more)


def twice(documents, name, code):
    documents[FILES[name]][name].append(entry_of(documents, name, code))


PREREQUISITE = {"item": "business-registration", "relation": "before", "if_required": True}
X = {"eq": ["has_licence", "none"]}

# list, code, change, key named, words of the message
WRONG = [
    # keys and types
    ("items", "food-operation", put("colour", "red"), "colour", "没有这个键"),
    ("items", "food-operation", drop("plain"), "plain", "缺少这个键"),
    (
        "items",
        "food-operation",
        put("materials.0.colour", "red"),
        "materials[mat-business-licence].colour",
        "没有这个键",
    ),
    ("items", "food-operation", put("name", ""), "name", "要写文字"),
    ("items", "food-operation", put("name", 5), "name", "要写文字，不能是“5”"),
    ("items", "food-operation", put("name", "长" * 101), "name", "最多100个字"),
    ("items", "food-operation", put("plain", "坏\0字"), "plain", "控制字符"),
    ("items", "food-operation", put("code", "Food Operation"), "code", "小写字母"),
    ("items", "food-operation", put("batch", 3), "batch", "只能是0、1、2"),
    ("items", "food-operation", put("batch", True), "batch", "只能是0、1、2，不能是true"),
    ("items", "food-operation", put("level", "省级"), "level", "只能是市级、县级"),
    ("items", "food-operation", put("committed_days", "6"), "committed_days", "0或者正整数"),
    ("items", "food-operation", put("committed_days", -1), "committed_days", "0或者正整数"),
    ("items", "food-operation", put("committed_days", 1.5), "committed_days", "0或者正整数"),
    ("items", "food-operation", put("deferrable", "yes"), "deferrable", "要写true或false，不能是“yes”"),
    ("items", "food-operation", put("pre_registration", None), "pre_registration", "要写true或false，不能是空的"),
    ("items", "food-operation", put("materials", {}), "materials", "要写成列表"),
    ("items", "food-operation", put("legal_basis", []), "legal_basis", "不能是空的列表"),
    ("items", "food-operation", put("legal_basis.0.checked", 1), "legal_basis[第1项].checked", "true或false"),
    ("items", "food-operation", put("conditions.0.basis", "custom"), "conditions[第1项].basis", "law、rule、policy"),
    ("fields", "uscc", put("type", "number"), "type", "只能是"),
    ("fields", "entity_name", put("validation.size", 3), "validation.size", "没有这个键"),
    ("questions", "has_licence", put("options", []), "options", "不能是空的列表"),
    ("questions", "has_licence", put("options.0.value", True), "options[第1项].value", "要写文字"),
    ("notices", "ktv-home", put("level", "error"), "level", "block、warn、info"),
    ("rules", "food-operation-2", drop("basis"), "basis", "缺少这个键"),
    ("themes", "restaurant", put("seed_answers", []), "seed_answers", "问题: 答案"),
    # codes that do not exist
    ("items", "food-operation", put("department", "食品局"), "department", "没有“食品局”这个部门"),
    ("items", "food-operation", put("prerequisites.0.item", "none"), "prerequisites", "没有“none”这个事项"),
    ("items", "food-operation", put("materials.0.reusable_certificate", "x"), "reusable_certificate", "没有“x”"),
    ("items", "food-operation", add("form_fields", "tail"), "form_fields", "没有“tail”这个数据项"),
    ("external_certificates", "pre-approval", put("from_items", ["x"]), "from_items", "没有“x”这个事项"),
    ("questions", "area", put("fills", ["floor_space"]), "fills", "没有“floor_space”这个数据项"),
    ("questions", "dine_in", put("ask_when", {"eq": ["x", 1]}), "ask_when", "没有“x”这个问题或推导事实"),
    ("derived", "has_pool", put("expr", {"eq": ["x", 1]}), "expr", "没有“x”这个问题或推导事实"),
    ("notices", "ktv-home", put("items", ["x"]), "items", "没有“x”这个事项"),
    ("themes", "restaurant", add("items", "x"), "items", "没有“x”这个事项"),
    ("themes", "restaurant", put("core", ["x"]), "core", "没有“x”这个事项"),
    # expressions
    ("notices", "ktv-home", put("when", {"equals": ["area", 1]}), "when", "只能是一个all"),
    ("notices", "ktv-home", put("when", {**X, "not": X}), "when", "只能是一个all"),
    ("notices", "ktv-home", put("when", {}), "when", "只能是一个all"),
    ("notices", "ktv-home", put("when", {"all": []}), "when", "all后面要写条件的列表"),
    ("notices", "ktv-home", put("when", {"any": X}), "when", "any后面要写条件的列表"),
    ("notices", "ktv-home", put("when", {"not": [X]}), "when", "只能是一个all"),
    ("notices", "ktv-home", put("when", {"eq": "has_licence"}), "when", "[事实, 值]"),
    ("notices", "ktv-home", put("when", {"eq": ["has_licence"]}), "when", "[事实, 值]"),
    ("notices", "ktv-home", put("when", {"eq": ["has_licence", "maybe"]}), "when", "不会有“maybe”这个值"),
    ("notices", "ktv-home", put("when", {"in": ["has_licence", "none"]}), "when", "in后面要写值的列表"),
    ("notices", "ktv-home", put("when", {"in": ["has_licence", []]}), "when", "in后面要写值的列表"),
    ("notices", "ktv-home", put("when", {"in": ["has_licence", ["none", "x"]]}), "when", "不会有“x”这个值"),
    ("notices", "ktv-home", put("when", {"eq": ["sectors", "food"]}), "when", "eq不能用在“sectors”上"),
    ("notices", "ktv-home", put("when", {"contains": ["has_licence", "none"]}), "when", "contains不能用在"),
    ("notices", "ktv-home", put("when", {"contains": ["sectors", "fud"]}), "when", "不会有“fud”这个值"),
    ("notices", "ktv-home", put("when", {"gte": ["has_licence", 1]}), "when", "gte不能用在"),
    ("notices", "ktv-home", put("when", {"gte": ["area", "300"]}), "when", "不会有“300”这个值"),
    ("notices", "ktv-home", put("when", {"eq": ["dine_in", "yes"]}), "when", "不会有“yes”这个值"),
    ("notices", "ktv-home", put("when", {"eq": ["makes_food", 1]}), "when", "不会有“1”这个值"),
    ("items", "food-operation", put("field_when.seat_count", {"x": 1}), "field_when.seat_count", "只能是一个all"),
    ("items", "outdoor-ad", put("conditions.2.when", {"x": 1}), "conditions[第3项].when", "只能是一个all"),
    ("items", "drug-retail", put("commitment_when", {"x": 1}), "commitment_when", "只能是一个all"),
    # questions
    ("questions", "lodging_type", put("ask_when", {"gte": ["area", 1]}), "ask_when", "“area”不在它前面"),
    ("questions", "area", put("ask_when", {"gte": ["area", 1]}), "ask_when", "“area”不在它前面"),
    ("questions", "sectors", put("ask_when", {"eq": ["has_pool", True]}), "ask_when", "“lodging_extras”不在它前面"),
    ("questions", "area", put("facts", ["area"]), "facts", "要依次写area、small_homestay"),
    ("questions", "area", put("fills", ["entity_type"]), "fills", "不能由number填写"),
    ("questions", "area", put("validation.min", 10**9), "validation.min", "min大于max"),
    ("questions", "dine_in", put("validation", {"min": 1}), "validation", "只能用在number上"),
    ("questions", "has_licence", drop("options"), "options", "single或multi"),
    ("questions", "has_licence", put("options.1.value", "none"), "options", "选项“none”写了两次"),
    ("derived", "makes_food", put("expr", {"eq": ["needs_food_permit", True]}), "expr", "绕成了圈"),
    ("derived", "makes_food", put("expr", {"eq": ["makes_food", True]}), "expr", "绕成了圈"),
    # items
    ("items", "business-registration", add("prerequisites", PREREQUISITE), "prerequisites", "绕成了圈"),
    ("items", "food-operation", add("prerequisites", PREREQUISITE), "prerequisites", "写了两次"),
    ("items", "food-operation", put("committed_days", 11), "committed_days", "长于法定时限（10个工作日）"),
    ("items", "social-insurance", put("committed_days", 11), "committed_days", "长于法定时限（10个工作日）"),
    ("items", "fire-safety-check", put("commitment.committed_days", 99), "commitment.committed_days", "长于法定时限"),
    ("items", "food-operation", put("materials.2.defer_days", 10), "defer_days", "不短于法定时限（10个工作日）"),
    ("items", "food-operation", put("materials.2.defer_days", None), "defer_days", "deferrable为true时才写"),
    ("items", "food-operation", put("materials.0.defer_method", "上传"), "defer_method", "deferrable为true时才写"),
    ("items", "food-operation", put("materials.4.deferrable", True), "deferrable", "系统生成的材料不用容缺"),
    ("items", "food-operation", put("materials.2.name", "租约"), "materials[mat-premises-proof].name", "同一个材料"),
    (
        "items",
        "food-operation",
        put("materials.1.code", "mat-business-licence"),
        "materials[mat-business-licence].code",
        "两次",
    ),
    ("items", "food-operation", put("materials.2.source", "commitment"), "source", "不能告知承诺"),
    ("items", "food-operation", put("materials.2.only_when_committed", True), "only_when_committed", "不能告知承诺"),
    ("items", "food-operation", put("materials.2.waits_for_item", True), "waits_for_item", "本目录"),
    ("items", "food-operation", put("deferrable_reason", "不行"), "deferrable_reason", "deferrable为false时才写"),
    ("items", "bank-account", put("deferrable_reason", None), "deferrable_reason", "deferrable为false时才写"),
    ("items", "food-operation", put("commitment_allowed", True), "commitment", "也必须写"),
    ("items", "food-operation", put("commitment_exclusion", None), "commitment_exclusion", "也必须写"),
    ("items", "food-operation", put("commitment_when", X), "commitment_when", "才能写"),
    ("items", "food-operation", put("site_survey", False), "survey_timing", "site_survey为true时才写"),
    ("items", "seal-engraving", put("certificate_type_code", "1"), "certificate_type_code", "没有证照名称"),
    ("items", "seal-engraving", put("statutory_unit", "months"), "statutory_days", "就要写时限"),
    (
        "items",
        "food-operation",
        put("optional_fields", ["bed_count"]),
        "optional_fields",
        "不在这个事项的form_fields里",
    ),
    ("items", "food-operation", put("field_when.bed_count", X), "field_when", "不在这个事项的form_fields里"),
    ("items", "food-operation", add("form_fields", "uscc"), "form_fields", "“uscc”写了两次"),
    ("items", "road-freight", lambda item: item["form_fields"].remove("vehicles"), "form_fields", "由“vehicles”算出"),
    (
        "items",
        "drainage",
        put("conditions.0.check", {"field": "bed_count", "op": "gte", "value": 1}),
        "check",
        "不在这个事项",
    ),
    ("items", "social-insurance", put("conditions.0.check.value", "1"), "check", "不会有“1”这个值"),
    ("items", "social-insurance", put("conditions.0.check.field", "entity_type"), "check", "gte不能用在"),
    # fields
    ("fields", "legal_rep_id", put("validation.pattern", "["), "validation.pattern", "正则表达式"),
    ("fields", "entity_name", put("validation.min", 1), "validation.min", "不能用在text上"),
    ("fields", "premises_area", put("validation.min", 10**9), "validation.min", "min大于max"),
    ("fields", "entity_type", drop("choices"), "choices", "choice或multichoice"),
    ("fields", "entity_type", put("choices.1.value", "company"), "choices", "选项“company”写了两次"),
    ("fields", "proposed_names", drop("columns"), "columns", "rows时才写"),
    ("fields", "shareholders", put("columns.1.code", "name"), "columns[name]", "这个代码用了两次"),
    ("fields", "shareholders", put("columns.0.type", "rows"), "columns[name].type", "只能是"),
    ("fields", "vehicle_count", put("system_filled", False), "computed", "system_filled: true"),
    ("fields", "vehicle_count", put("computed.rows", "x"), "computed.rows", "没有“x”这个数据项"),
    ("fields", "vehicle_count", put("computed.rows", "uscc"), "computed.rows", "的type不是rows"),
    ("fields", "vehicle_count", put("computed.column", "mass"), "computed.column", "sum或max"),
    ("fields", "max_vehicle_mass", put("computed.column", "x"), "computed.column", "没有“x”这个数字列"),
    # themes
    ("themes", "restaurant", put("items", []), "core", "也要写在items里"),
    ("themes", "restaurant", put("seed_answers.sectors", ["fud"]), "seed_answers.sectors", "没有“fud”这个选项"),
    ("themes", "restaurant", put("seed_answers.colour", "red"), "seed_answers.colour", "没有这个问题"),
    ("themes", "restaurant", put("seed_answers.sectors", ["care"]), "seed_answers.food_kinds", "不会问这个问题"),
    ("themes", "restaurant", put("core", ["tobacco-retail"]), "core", "不一定要办“tobacco-retail”"),
]


def findings(documents):
    """The errors as they are printed, without their mends."""
    return [str(problem).split("；改法：")[0] for problem in lint(documents)]


def test_the_catalogue_is_in_order(documents):
    assert lint(documents) == []


@pytest.mark.parametrize(("name", "code", "change", "key", "words"), WRONG)
def test_what_is_wrong_is_named_by_file_entry_and_key(documents, name, code, change, key, words):
    entry = entry_of(documents, name, code)
    change(entry)
    label = entry.get("code", code)
    found = [problem for problem in lint(documents) if words in problem.message and key in problem.key]
    assert {(problem.file, problem.entry) for problem in found} >= {(f"{FILES[name]}.yaml", f"{name}[{label}]")}
    assert all(part in str(found[0]) for part in (found[0].file, found[0].entry, key, words))
    # What is not plain comes with its mend.
    assert found[0].mend or found[0].message.startswith(("缺少这个键", "只能是", "要写小写字母开头"))


@pytest.mark.parametrize("name", [name for name in FILES if name != "rules"])
def test_a_code_used_twice_is_named(documents, name):
    code = documents[FILES[name]][name][0]["code"]
    twice(documents, name, code)
    assert f"{FILES[name]}.yaml › {name}[{code}] › code：这个代码用了两次" in findings(documents)


@pytest.mark.parametrize("name", FILES)
def test_a_list_left_out_or_of_another_kind_is_named(documents, name):
    documents[FILES[name]].pop(name)
    assert f"{FILES[name]}.yaml › {name}：缺少这个键" in findings(documents)
    documents[FILES[name]][name] = {"a": 1}
    assert any(str(problem).startswith(f"{FILES[name]}.yaml › {name}：要写成列表") for problem in lint(documents))


@pytest.mark.parametrize("content", [[], "text", 5])
@pytest.mark.parametrize("name", ["items", "fields", "questions", "themes"])
def test_a_document_of_another_kind_is_named(documents, name, content):
    documents[name] = content
    assert any(str(problem).startswith(f"{name}.yaml：要写成一组键和值") for problem in lint(documents))


def test_a_key_beside_the_lists_is_checked_too(documents):
    documents["themes"]["common_items"].append("x")
    documents["items"]["colour"] = "red"
    documents["fields"]["version"] = 2
    assert findings(documents) == [
        "items.yaml › colour：没有这个键",
        "fields.yaml › version：只能是1，不能是“2”",
        "themes.yaml › common_items：没有“x”这个事项",
    ]


def test_a_rule_goes_by_its_item_and_its_place_among_that_items_rules(documents):
    entry_of(documents, "rules", "food-operation-2")["item"] = "x"
    assert "questions.yaml › rules[x-1] › item：没有“x”这个事项" in findings(documents)


def test_what_nothing_uses_is_named(documents):
    documents["fields"]["fields"].append({**entry_of(documents, "fields", "bed_count"), "code": "spare"})
    documents["questions"]["rules"] = [rule for rule in documents["questions"]["rules"] if rule["item"] != "drainage"]
    found = findings(documents)
    assert "fields.yaml › fields[spare] › code：没有事项用到这个数据项" in found
    assert "items.yaml › items[drainage] › code：没有规则会用到这个事项" in found


def test_all_problems_are_reported_at_once_without_false_alarms(documents):
    """An entry of a wrong form is one problem; its code still stands for those that refer to it."""
    entry_of(documents, "items", "food-operation").pop("plain")
    entry_of(documents, "questions", "sectors").pop("help")
    entry_of(documents, "fields", "uscc").pop("label")
    entry_of(documents, "items", "drainage")["department"] = "水利局"
    assert findings(documents) == [
        "items.yaml › items[food-operation] › plain：缺少这个键",
        "fields.yaml › fields[uscc] › label：缺少这个键",
        "questions.yaml › questions[sectors] › help：缺少这个键",
        "items.yaml › items[drainage] › department：没有“水利局”这个部门",
    ]


JUNK = itertools.cycle([None, [[]], {"a": 1}, "", 5, True])


@pytest.mark.parametrize("common", [None, 5, "x", {"a": 1}, [["bank-account"]], [{}, None]])
def test_no_junk_among_the_common_items_breaks_the_lint(documents, common):
    documents["themes"]["common_items"] = common
    assert all(line.startswith("themes.yaml › common_items") for line in findings(documents))
    assert lint(documents)


@pytest.mark.parametrize("name", FILES)
def test_no_junk_breaks_the_lint(documents, name):
    """Each key of a list's first entry replaced by something else in its turn: problems or none, never a crash."""
    entries = documents[FILES[name]][name]
    for key, kept in list(entries[0].items()):
        entries[0][key] = next(JUNK)
        lint(documents)
        entries[0][key] = kept
    for entries[0] in ([], None, "x", {}):
        assert lint(documents)
