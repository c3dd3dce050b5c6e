"""What an applicant does, from the first question to the submitted application, whatever the walker walks on."""

import time
from pathlib import Path

import zxingcpp
from PIL import Image

from guidance.reading import read_folder
from guidance.schema import Catalogue

CATALOGUE = Catalogue.from_data(
    read_folder(Path(__file__).resolve().parent.parent.parent / "guidance" / "catalogue")[0]
)
RESIDENT_ID = "44170419880208000X"
TEXTS = {
    "text": "按实际情况填写",
    "address": "阳江市江城区漠江路88号",
    "phone": "13800138000",
    "id_number": RESIDENT_ID,
    "uscc": "914417020000EX015T",
    "date": "2026-10-01",
}
_BY_CODE = {"contact_email": "boss@example.com", "cert_no": RESIDENT_ID, "lease_end": "2030-12-31"}


def sign_in(walker, username, password):
    walker.visit("/accounts/login/")
    walker.fill("登录", taking({"login": username, "password": password}))
    assert "/accounts/login/" not in walker.path, walker.text[:500]
    # It is asked for again when something is signed.
    walker.password = password


def apply(walker, story, paper):
    """The whole way of a signed-in person to a submitted application; return its public id."""
    prepare(walker, story, paper)
    return sign(walker)


def prepare(walker, story, paper):
    """All of it but signing: every paper is handed in and was looked into."""
    ask(walker, story.theme, story.answers)
    settle(walker, story.who, story.where)
    fill_the_form(walker)
    choose_the_ordinary_way(walker)
    hand_in_papers(walker, paper)


def ask(walker, theme, answers):
    """Answer the questions from a theme on; what the theme answers is not asked, but can be changed."""
    walker.visit("/guide/")
    walker.fill(theme)
    given = _answer_what_is_asked(walker, answers)
    session = walker.path.removesuffix("answers/")
    for code in answers:
        if code not in given:
            walker.visit(f"{session}q/{code}/")
            # One whose answer changes nothing is not asked: it leads on to the result.
            given |= _answer_what_is_asked(walker, answers)
    walker.visit(f"{session}result/")
    walker.fill("下一步")


def _answer_what_is_asked(walker, answers):
    """Go on to the summary; return the codes of the questions answered on the way."""
    given = set()
    while "/q/" in walker.path:
        code = walker.path.rstrip("/").rpartition("/")[2]
        walker.fill("继续", taking({"answer": answers[code]}))
        given.add(code)
    return given


def settle(walker, who, where):
    """Say who applies (a name to be founded, or None for the one enterprise there is) and at which new premises."""
    walker.fill("继续", taking({"who": ["found"], "name": who} if who else {}, first="who"))
    walker.fill("继续", taking({"where": ["new"]} | where))
    agree(walker)


def agree(walker):
    while "/plan/" in walker.path:
        walker.fill("我知道了" if walker.has_button("我知道了") else "继续填表")


def fill_the_form(walker):
    while "/form/" in walker.path:
        before = walker.path
        walker.fill("保存并继续", _typed)
        agree(walker)
        assert walker.path != before, f"{before} was not accepted: {walker.text[:1500]}"


def choose_the_ordinary_way(walker):
    if "/promises/" in walker.path:
        walker.fill("继续")


def promise(walker, item):
    """File the item by promise (告知承诺)."""
    walker.fill("继续", taking({item: ["promise"]}))


def leave_for_later(walker, paper):
    """Hand the paper, by its name, in after acceptance (容缺受理)."""
    walker.unfold(f"现在还没有这份材料？：{paper}")
    # The others are still folded.
    walker.fill("留到以后补交")


def hand_in_papers(walker, paper):
    while walker.has_button("上传"):
        walker.fill("上传", lambda control: paper)
        assert "请先选择文件" not in walker.text
    page, last = walker.path, time.monotonic() + 60
    # A worker looks into each file first.
    while "正在检查" in walker.text:
        assert time.monotonic() < last, walker.text[:1500]
        time.sleep(0.5)
        walker.visit(page)


def sign(walker):
    """Promise all that is asked for and submit; return the application's public id."""
    walker.visit(walker.path.replace("/papers/", "/review/"))
    promised = {name: ["on"] for name in ("promise", "commitment", "deferral")}
    walker.fill("签名并提交", taking(promised | {"confirmation": walker.password}))
    assert walker.path.count("/") == 3, walker.text[:2500]
    return walker.path.strip("/").rpartition("/")[2]


def scan(walker, stack, application, folder):
    """Read the code off the enterprise's page as a camera would; return its address."""
    enterprise = stack.query(
        """SELECT enterprise.public_id FROM licensing_enterprise enterprise
        JOIN licensing_application filed ON filed.enterprise_id = enterprise.id WHERE filed.public_id = %s""",
        application,
    )[0][0]
    walker.visit(f"/enterprises/{enterprise}/")
    picture = folder / "code.png"
    walker.page.locator("img[src*='qr']").first.screenshot(path=picture)
    return zxingcpp.read_barcodes(Image.open(picture))[0].text


def taking(values, first=None):
    """A chooser that takes what values name; of `first`, if nothing is chosen yet, the first option."""

    def choose(control):
        if control.name in values:
            value = values[control.name]
            if control.kind == "select":
                return [control.labels[value]]
            return value if isinstance(value, list) or control.kind in ("text", "file") else [value]
        if control.name == first and not control.chosen:
            return control.options[:1]
        return None

    return choose


def _typed(control):
    """Fill what is empty with something acceptable; tables get one row."""
    code, _dash, cell = control.name.partition("-")
    if control.value or control.chosen or control.kind == "file" or (cell and not cell.startswith("0-")):
        return None
    if cell.endswith("-delete") or code not in CATALOGUE.elements:
        return None
    if control.kind != "text":
        return [next(option for option in control.options if option)]
    element = CATALOGUE.elements[code]
    if cell:
        code = cell.partition("-")[2]
        element = next(column for column in element.columns if column.code == code)
    if code in _BY_CODE:
        return _BY_CODE[code]
    if element.type in ("integer", "decimal"):
        return str(max(1, element.validation.get("min", 1)))
    return TEXTS[element.type]
