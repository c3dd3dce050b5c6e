"""A small demo city: divisions, offices and their people, two halls, two enterprises with licences, a founder.

Everything in it is made up. Running it again adds what is missing; what a person has changed or taken away stays so.
"""

import zlib
from datetime import date

from django.contrib.auth import get_user_model
from django.contrib.auth.hashers import make_password
from django.db import transaction
from django.utils import timezone

from certificates import identifying, log
from certificates.models import CertificateType, Licence
from guidance import releases
from guidance.models import Clerk, Department, Division, Hall, Office, Post, Role
from licensing.identifiers import organisation_check_character, uscc_check_character
from licensing.models import Enterprise, EntityType, Membership, Premises
from licensing.registration import REGISTRATION

PASSWORD = "yangjiang-demo"  # noqa: S105
CITY, DISTRICT = "441700", "441702"
# The state's codes; the last two zones have none of the state's, so they carry codes of the city's own.
DIVISIONS = {
    CITY: "阳江市",
    DISTRICT: "江城区",
    "441704": "阳东区",
    "441721": "阳西县",
    "441781": "阳春市",
    "441798": "海陵岛经济开发试验区",
    "441799": "阳江高新技术产业开发区",
}
# Where an authority is not called by its place and the department's name.
OFFICE_NAMES = {
    "bank": "{place}开户银行预约服务点",
    "fire": "{place}消防救援大队",
    "press": "{place}新闻出版局",
    "film": "{place}电影局",
    "tax": "国家税务总局{place}税务局",
}
HALLS = {"阳江市政务服务中心": CITY, "江城区政务服务中心": DISTRICT}
PEOPLE = [
    ("餐饮企业（已有营业执照）", "haiyan@example.com", "陈海晏"),
    ("酒店企业（已有营业执照）", "wanghai@example.com", "梁望海"),
    ("创业者（还没有营业执照）", "founder@example.com", "林新开"),
    ("窗口人员（市政务服务中心）", "window-city", "许晓窗"),
    ("窗口人员（江城区政务服务中心）", "window-jiangcheng", "何小台"),
    ("审批人员（江城区市场监督管理局）", "samr", "市监审批员"),
    ("负责人（江城区市场监督管理局）", "samr-head", "市监负责人"),
    ("市级管理员", "operator", "市级管理员"),
    # What one operator enters of the calendar, a second one confirms.
    ("市级管理员（第二人复核）", "operator-2", "市级管理员二"),
]
OPERATORS = ("operator", "operator-2")
# As `make run` prints them. Every other office has an officer too: user name = department code, city-… at the city's.
ACCOUNTS = [(role, username, PASSWORD) for role, username, _name in PEOPLE] + [
    ("其他审批人员：部门代号，如 fire、health、police、urban、water、tobacco；市级加 city-", "…", PASSWORD)
]
ENTERPRISES = [
    {
        "owner": "haiyan@example.com",
        "uscc": "9144170200000110X3",
        "name": "阳江市海晏餐饮有限公司",
        "legal_representative": "陈海晏",
        "address": "阳江市江城区漠江路66号",
        "scope": "餐饮服务；食品销售。",
        "register": {"registered_capital": "50", "establish_date": "2021-03-18"},
        "premises": ("漠江路店", "阳江市江城区漠江路66号首层"),
        "licences": [("food-operation", "食品经营许可证", "JY24417020000015", date(2023, 4, 6), date(2028, 4, 5))],
    },
    {
        "owner": "wanghai@example.com",
        "uscc": "914417020000022092",
        "name": "阳江市望海楼酒店有限公司",
        "legal_representative": "梁望海",
        "address": "阳江市江城区东风二路128号",
        "scope": "住宿服务；餐饮服务。",
        "register": {"registered_capital": "300", "establish_date": "2019-06-11"},
        "premises": ("东风店", "阳江市江城区东风二路128号"),
        "licences": [
            ("hotel-special-trade", "特种行业许可证（旅馆业）", "阳公特旅字第0128号", date(2019, 8, 2), None),
            ("public-place-hygiene", "公共场所卫生许可证", "江卫公证字第0128号", date(2019, 7, 20), date(2023, 7, 19)),
        ],
    },
]
ISSUERS = {
    REGISTRATION: "samr",
    "food-operation": "samr",
    "hotel-special-trade": "police",
    "public-place-hygiene": "health",
}


@transaction.atomic
def build():
    """Bring the demo city up to date. Needs the departments of a published catalogue."""
    divisions = _divisions()
    offices = _offices(divisions)
    _codes(offices)
    people = _people(offices)
    _halls(divisions, people)
    for facts in ENTERPRISES:
        _enterprise(facts, divisions[DISTRICT], people, offices)


def _divisions():
    city, _ = Division.objects.get_or_create(code=CITY, defaults={"name": DIVISIONS[CITY]})
    rest = {code: name for code, name in DIVISIONS.items() if code != CITY}
    Division.objects.bulk_create(
        [Division(code=code, name=name, parent=city) for code, name in rest.items()], ignore_conflicts=True
    )
    return Division.objects.in_bulk(list(DIVISIONS), field_name="code")


def _offices(divisions):
    """{(department code, division code): Office} for every department at the city and in each of its divisions."""
    city = divisions[CITY].name
    Office.objects.bulk_create(
        [
            Office(
                department=department,
                division=division,
                name=OFFICE_NAMES.get(department.code, "{place}" + department.name).format(
                    place=city if division.code == CITY else city + division.name
                ),
                phone="0662-0000000",
            )
            for department in Department.objects.all()
            for division in divisions.values()
        ],
        ignore_conflicts=True,
    )
    found = Office.objects.filter(division__in=divisions.values()).select_related("department", "division")
    return {(office.department.code, office.division.code): office for office in found}


def _codes(offices):
    """Give offices and types of licences made-up codes, so that licences get identifiers; the types say so."""
    coded = [office for office in offices.values() if not office.uscc and office.department.code != "bank"]
    for office in coded:
        office.uscc = _authority_code(office)
    Office.objects.bulk_update(coded, ["uscc"])
    known = set(CertificateType.objects.values_list("item_code", flat=True))
    city = {office.department.name: office for office in offices.values() if office.division.code == CITY}
    items = [item for item in releases.load(releases.current().pk).items.values() if item.certificate_name]
    types = [
        CertificateType(
            item_code=item.code,
            name=item.certificate_name,
            code=f"{_authority_code(city[item.department])}{place:03}",
            provisional=True,
        )
        for place, item in enumerate(items, start=1)
        if item.code not in known
    ]
    CertificateType.objects.bulk_create(types, ignore_conflicts=True)
    if coded or types:
        identifying.codes_registered()


def _authority_code(office):
    """A well-formed 统一社会信用代码 of an authority (机关) that nobody has."""
    # Two letters that stand for "example", then digits that stay the same in every city and on every run.
    body = f"EX{zlib.crc32(office.department.code.encode()) % 1_000_000:06}"
    code = f"11{office.division.code}{body}{organisation_check_character(body)}"
    return code + uscc_check_character(code)


def _people(offices):
    """{username: User}. One hash serves all: hashing a password for each would take most of a minute."""
    user_model = get_user_model()
    posts = {code: offices[code, DISTRICT] for code, at in offices if at == DISTRICT}
    posts |= {f"city-{code}": offices[code, CITY] for code, at in offices if at == CITY}
    names = {username: f"{office.department.name}审批员" for username, office in posts.items()}
    names |= {username: name for _role, username, name in PEOPLE}
    known = set(user_model.objects.filter(username__in=names).values_list("username", flat=True))
    if new := names.keys() - known:
        password = make_password(PASSWORD)
        user_model.objects.bulk_create(
            user_model(
                username=username,
                email=username if "@" in username else "",
                name=names[username],
                password=password,
                is_superuser=username in OPERATORS,
                is_staff=username in OPERATORS,
            )
            for username in sorted(new)
        )
    people = user_model.objects.in_bulk(list(names), field_name="username")
    holding = [Post(user=people[username], office=office) for username, office in posts.items() if username in new]
    if "samr-head" in new:
        holding.append(Post(user=people["samr-head"], office=offices["samr", DISTRICT], role=Role.HEAD))
    Post.objects.bulk_create(holding)
    return people


def _halls(divisions, people):
    for (name, code), username in zip(HALLS.items(), ("window-city", "window-jiangcheng"), strict=True):
        hall, new = Hall.objects.get_or_create(name=name, defaults={"division": divisions[code]})
        if new:
            Clerk.objects.create(user=people[username], hall=hall)


def _enterprise(facts, division, people, offices):
    columns = ("name", "legal_representative", "address", "scope", "register")
    clerk = people["window-jiangcheng"]
    enterprise, new = Enterprise.objects.get_or_create(
        uscc=facts["uscc"],
        verified_at__isnull=False,
        defaults={name: facts[name] for name in columns}
        | {"entity_type": EntityType.COMPANY, "verified_at": timezone.now(), "verified_by": clerk},
    )
    if not new:
        return
    Membership.objects.create(user=people[facts["owner"]], enterprise=enterprise)
    name, address = facts["premises"]
    premises = Premises.objects.create(enterprise=enterprise, name=name, address=address, division=division)
    founded = date.fromisoformat(facts["register"]["establish_date"])
    held = [(REGISTRATION, "营业执照", facts["uscc"], founded, None), *facts["licences"]]
    licences = [
        Licence(
            holder=enterprise,
            premises=None if item == REGISTRATION else premises,
            item_code=item,
            name=certificate,
            number=number,
            office=offices[ISSUERS[item], DISTRICT],
            authority=offices[ISSUERS[item], DISTRICT].name,
            issued_on=issued_on,
            valid_until=valid_until,
            scope=facts["scope"],
        )
        for item, certificate, number, issued_on, valid_until in held
    ]
    identifying.identify(licences)
    Licence.objects.bulk_create(licences)
    log.record_imported(licences, clerk)
