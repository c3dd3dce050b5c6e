"""Who may open which address: every URL the resolver knows, for every kind of person."""

import copy
import re

import pytest
from django.db import transaction
from django.test import Client
from django.urls import resolve, reverse

from certificates import file_links
from licensing import members
from licensing.files import uploads
from portal import policy
from portal.policy import APPLICANT, CLERK, OFFICER, OPERATOR, PUBLIC, STAFF
from tests.portal.addresses import NOTHING, addresses
from tests.portal.world import IDENTITIES

# A copy from before any test: the benchmark's server adds an address of its own, in tests in this process.
TABLE = dict(policy.TABLE)
ADDRESSES, NAMELESS = addresses()
BY_NAME = {address.name: address for address in ADDRESSES}

# Who passes the table; which rows they then see is tested by OBJECTS below.
PASS = {
    None: set(),
    PUBLIC: set(IDENTITIES),
    APPLICANT: set(IDENTITIES) - {"nobody"},
    STAFF: {"clerk", "officer", "other_officer", "operator"},
    CLERK: {"clerk"},
    OFFICER: {"officer", "other_officer", "operator"},
    OPERATOR: {"operator"},
}

# Whose object an address shows or changes, what it is, and who passes the table but must not see it.
_ENTERPRISE = ("owner", lambda world: {"public_id": world.enterprise.public_id}, "stranger")
_DRAFT = ("owner", lambda world: {"public_id": world.draft.public_id}, "stranger")
_PAPER = ("owner", lambda world: {"public_id": world.draft.public_id, "code": "mat-premises-proof"}, "stranger")
_TABLE = (
    "owner",
    lambda world: {"public_id": world.draft.public_id, "step": "1", "element": "insured_list"},
    "stranger",
)
_SUBMITTED = ("owner", lambda world: {"public_id": world.application.public_id}, "stranger")
_FOLLOWED = ("owner", lambda world: {"public_id": world.task.public_id}, "stranger")
_TASK = ("officer", lambda world: {"public_id": world.task.public_id}, "other_officer")
_LICENCE = ("officer", lambda world: {"public_id": world.granted.public_id}, "other_officer")
_PROPOSAL = ("officer", lambda world: {"public_id": world.proposal.public_id}, "other_officer")
_CHECK = ("officer", lambda world: {"public_id": world.check.task.public_id}, "other_officer")
_BATCH = ("officer", lambda world: {"public_id": world.batch.public_id}, "other_officer")
_CASE = ("clerk", lambda world: {"public_id": world.draft.public_id}, "other_clerk")
_SHELF = ("clerk", lambda world: {"public_id": world.on_shelf.public_id}, "other_clerk")
_RECEIPT = ("clerk", lambda world: {"public_id": world.receipt.public_id}, "other_clerk")
OBJECTS = {
    "admin:certificates_licence_approve": _PROPOSAL,
    "admin:certificates_licence_change": _LICENCE,
    "admin:certificates_licence_end": (
        "officer",
        lambda world: {"public_id": world.granted.public_id, "kind": "cancel"},
        "other_officer",
    ),
    "admin:certificates_licence_move": (
        "officer",
        lambda world: {"public_id": world.granted.public_id, "move": "suspend"},
        "other_officer",
    ),
    "admin:certificates_licence_send_back": _PROPOSAL,
    "admin:certificates_licenceimport_change": _BATCH,
    "admin:certificates_licenceimport_errors": _BATCH,
    "admin:certificates_licenceimport_move": (
        "officer",
        lambda world: {"public_id": world.batch.public_id, "move": "give-up"},
        "other_officer",
    ),
    "admin:routing_aftercheck_annul": _CHECK,
    "admin:routing_aftercheck_change": _CHECK,
    "admin:routing_aftercheck_move": (
        "officer",
        lambda world: {"public_id": world.check.task.public_id, "move": "pass"},
        "other_officer",
    ),
    "admin:routing_approvaltask_change": _TASK,
    "admin:routing_approvaltask_form": _TASK,
    "admin:routing_approvaltask_disclose": (
        "officer",
        lambda world: {"public_id": world.task.public_id, "code": "legal_rep_id"},
        "other_officer",
    ),
    "admin:routing_approvaltask_move": (
        "officer",
        lambda world: {"public_id": world.task.public_id, "move": "accept"},
        "other_officer",
    ),
    "admin:routing_approvaltask_preview": (
        "officer",
        lambda world: {"file_id": world.lease.public_id},
        "other_officer",
    ),
    "admin:routing_approvaltask_reassign_selected": (
        "head",
        lambda world: {"office_id": world.task.office_id},
        "officer",
    ),
    "api:agree": _DRAFT,
    "api:application": ("owner", lambda world: {"public_id": world.application.public_id}, "stranger"),
    "api:paper": _PAPER,
    "api:submit": _DRAFT,
    "api:values": _DRAFT,
    "certificates:ask-file": ("owner", lambda world: {"public_id": world.granted.public_id}, "stranger"),
    "certificates:calendar": _ENTERPRISE,
    "certificates:change": ("owner", lambda world: {"public_id": world.granted.public_id}, "stranger"),
    "certificates:door-sign": _ENTERPRISE,
    "certificates:ending": ("owner", lambda world: {"public_id": world.ending.public_id}, "stranger"),
    "certificates:file": ("owner", lambda world: {"public_id": world.granted.public_id}, "stranger"),
    "certificates:life": ("owner", lambda world: {"public_id": world.granted.public_id}, "stranger"),
    "certificates:lookups": _ENTERPRISE,
    "certificates:official": ("officer", lambda world: {"token": world.enterprise.public_token}, "stranger"),
    "certificates:official-file": (
        "officer",
        lambda world: {
            "token": world.enterprise.public_token,
            "public_id": world.sealed.licence.public_id,
            "key": file_links.key_for(world.sealed.licence, world.officer),
        },
        "other_officer",
    ),
    "certificates:qr": _ENTERPRISE,
    "certificates:recode": _ENTERPRISE,
    "certificates:register": _ENTERPRISE,
    "certificates:renew": ("owner", lambda world: {"public_id": world.granted.public_id}, "stranger"),
    "licensing:ask-to-sign": _DRAFT,
    "exchange:read": ("owner", lambda world: {"message_id": world.message.pk}, "stranger"),
    "licensing:confirmation": ("clerk", lambda world: {"public_id": world.unverified.public_id}, "owner"),
    "licensing:delete": _DRAFT,
    "licensing:detail": ("owner", lambda world: {"public_id": world.application.public_id}, "stranger"),
    "licensing:dispute": (
        "owner",
        lambda world: {"public_id": world.draft.public_id, "code": "premises_address"},
        "stranger",
    ),
    "licensing:enterprise": _ENTERPRISE,
    "licensing:file": ("owner", lambda world: {"public_id": world.file.public_id}, "stranger"),
    "licensing:file-bytes": (
        "owner",
        lambda world: {
            "public_id": world.file.public_id,
            "kind": "preview",
            "token": uploads.link(world.file, world.owner).split("/")[-2],
        },
        "stranger",
    ),
    "licensing:file-row": (
        "owner",
        lambda world: {"public_id": world.draft.public_id, "file_id": world.file.public_id},
        "stranger",
    ),
    "licensing:form": ("owner", lambda world: {"public_id": world.draft.public_id, "step": "1"}, "stranger"),
    "licensing:item-form": (
        "owner",
        lambda world: {"public_id": world.application.public_id, "code": "food-operation"},
        "stranger",
    ),
    "licensing:package": ("owner", lambda world: {"public_id": world.application.public_id}, "stranger"),
    "licensing:invitation": (
        "owner",
        lambda world: {"token": members.token_of(world.invitation)},
        "stranger",
    ),
    "licensing:members": _ENTERPRISE,
    "licensing:paper-choose": _PAPER,
    "licensing:paper-remove": (
        "owner",
        lambda world: {"public_id": world.draft.public_id, "file_id": world.file.public_id},
        "stranger",
    ),
    "licensing:paper-upload": _PAPER,
    "licensing:papers": _DRAFT,
    "licensing:papers-ask": _DRAFT,
    "licensing:plan": _DRAFT,
    "licensing:premises-add": _ENTERPRISE,
    "licensing:preview": ("owner", lambda world: {"public_id": world.file.public_id}, "stranger"),
    "licensing:promises": _DRAFT,
    "licensing:question": (
        "owner",
        lambda world: {"public_id": world.draft.public_id, "code": world.open_question},
        "stranger",
    ),
    "licensing:resume": _DRAFT,
    "licensing:review": _DRAFT,
    "licensing:separate": _DRAFT,
    "licensing:submit": _DRAFT,
    "licensing:table": _TABLE,
    "licensing:table-template": _TABLE,
    "licensing:where": _DRAFT,
    "licensing:who": _DRAFT,
    "routing:correction": _FOLLOWED,
    "routing:document": ("owner", lambda world: {"public_id": world.document.public_id}, "stranger"),
    "routing:document-pdf": ("owner", lambda world: {"public_id": world.document.public_id}, "stranger"),
    "routing:documents": _SUBMITTED,
    "routing:draft-map": _DRAFT,
    "routing:hold": _SUBMITTED,
    "routing:supply": (
        "owner",
        lambda world: {"public_id": world.application.public_id, "code": world.deferred.code},
        "stranger",
    ),
    "routing:why": _FOLLOWED,
    "routing:withdraw": _SUBMITTED,
    "window:assist": _CASE,
    "window:case": _CASE,
    "window:given": _SHELF,
    "window:hand-over": _SHELF,
    "window:holder": ("clerk", lambda world: {"public_id": world.enterprise.public_id}, "other_clerk"),
    "window:own-receipt": ("owner", lambda world: {"public_id": world.receipt.public_id}, "stranger"),
    "window:receipt": _RECEIPT,
    "window:receipt-pdf": _RECEIPT,
    "window:receive": _CASE,
    "window:slip": _SHELF,
    "window:stop": _CASE,
    "window:submit": _CASE,
    "window:take-over": _CASE,
}
# What such a part names is the same for everybody: entries of the published catalogue, staff tables.
NOBODYS = (
    "admin:certificates_certificatetype_",
    "admin:exchange_delivery_",
    "admin:certificates_departmentclient_",
    "admin:certificates_licencefile_",
    "admin:exchange_source_",
    "admin:guidance_",
    "admin:licensing_untrustworthyentry_",
    "admin:portal_user_",
    "admin:routing_calendaryear_",
    "admin:routing_term_",
    "licensing:single",
)


def client_of(world, identity):
    """A browser in which that person is signed in. All of a person's share one session: signing in costs a page."""
    client = Client()
    if identity != "nobody":
        client.cookies = copy.deepcopy(world.cookies[identity])
    return client


def ask(client, method, path):
    """The answer; what it has changed is undone, signing out too, so that the next question is asked of the same."""
    undone = transaction.atomic()
    undone._from_testcase = True
    with undone:
        response = getattr(client, method)(path)
        if response.streaming:
            list(response.streaming_content)
        transaction.set_rollback(True)
    return response


def without_token(content):
    """A page with a form carries a token that differs from page to page, whatever it is about."""
    return re.sub(rb'(csrfmiddlewaretoken" value=|X-CSRFToken": )"\w+"', b"", content)


def test_every_address_has_a_name():
    assert NAMELESS == []


def test_every_address_is_in_the_table():
    assert sorted(set(BY_NAME) - set(TABLE)) == []


def test_the_table_holds_nothing_but_addresses():
    assert sorted(set(TABLE) - set(BY_NAME)) == []


def test_the_table_is_in_order():
    assert list(TABLE) == sorted(TABLE)


def test_every_address_of_somebodys_object_is_compared_with_a_missing_one():
    unnamed = [
        name
        for name, address in BY_NAME.items()
        if address.parts and TABLE.get(name) != PUBLIC and name not in OBJECTS and not name.startswith(NOBODYS)
    ]
    assert unnamed == []


@pytest.mark.parametrize("method", ["get", "post"])
@pytest.mark.parametrize("name", BY_NAME)
def test_no_address_breaks_and_none_opens_to_whom_the_table_does_not_name(world, name, method):
    address = BY_NAME[name]
    own = OBJECTS[name][1](world) if name in OBJECTS else {}
    for path in {address.path(), address.path(**own)}:
        assert resolve(path).view_name == name
        for identity in IDENTITIES:
            response = ask(client_of(world, identity), method, path)
            assert response.status_code < 500, f"{method} {path} for {identity}"
            if identity == "nobody" and TABLE.get(name) not in (None, PUBLIC):
                assert response.status_code == (403 if name.startswith("api:") else 302)
            elif identity not in PASS[TABLE.get(name)]:
                assert response.status_code == 404, f"{method} {path} for {identity}"


@pytest.mark.parametrize("name", OBJECTS)
def test_another_persons_object_and_a_missing_one_get_the_same_answer(world, name):
    owner, own, stranger = OBJECTS[name]
    existing, missing = BY_NAME[name].path(**own(world)), BY_NAME[name].path()
    asked = client_of(world, owner)
    methods = ("get", "post", "patch") if name.startswith("api:") else ("get", "post")
    for method in methods:
        answers = [ask(client_of(world, stranger), method, path) for path in (existing, missing)]
        assert answers[0].status_code == answers[1].status_code
        assert without_token(answers[0].content) == without_token(answers[1].content)
        assert answers[0].status_code in (404, 405)
    assert {ask(asked, method, existing).status_code for method in methods} & {200, 302, 400, 409, 415, 422}


@pytest.mark.parametrize("hostile", ["%00", "a%00b", "%F0%9F%98%80", "%2e%2e%2f", "a" * 3000, "%FF%FE", "9" * 40])
@pytest.mark.parametrize("identity", ["owner", "operator"])
def test_no_rubbish_in_an_address_breaks_it(world, identity, hostile):
    client = client_of(world, identity)
    for address in ADDRESSES:
        for part in address.parts:
            path = address.path().replace(str(NOTHING[part]), hostile)
            assert ask(client, "get", path).status_code < 500, path


def test_signing_in_leads_back_to_the_page_that_was_asked_for(client, db):
    path = reverse("account_change_password")
    assert client.get(f"{path}?a=1").url == f"{reverse('account_login')}?next={path}%3Fa%3D1"


def test_after_a_form_sent_too_late_signing_in_leads_to_its_page_but_never_to_another_site(client, db):
    path, login = reverse("account_change_password"), reverse("account_login")
    assert client.post(path, headers={"referer": "http://testserver/privacy/"}).url.startswith(
        f"{login}?next=http%3A//t"
    )
    assert client.post(path, headers={"referer": "http://evil.example/"}).url == f"{login}?next={path}"


def test_a_fragment_asked_for_too_late_sends_the_whole_page_to_the_sign_in(client, db):
    headers = {"hx-request": "true", "referer": "http://testserver/applications/"}
    response = client.get(reverse("licensing:list"), headers=headers)
    assert response.headers["HX-Redirect"].endswith("next=http%3A//testserver/applications/")


def test_pages_of_signed_in_people_are_kept_by_no_browser_or_proxy(world):
    client = client_of(world, "owner")
    for path in (reverse("portal:home"), reverse("licensing:enterprises"), "/no-such-page/"):
        assert "no-store" in client.get(path)["Cache-Control"]
        assert "private" in client.get(path)["Cache-Control"]


@pytest.mark.parametrize("name", ["portal:home", "portal:privacy", "account_login", "guidance:themes"])
def test_a_public_page_asks_nothing_about_its_visitor(client, catalogue, django_assert_max_num_queries, name):
    client.get(reverse(name))
    with django_assert_max_num_queries(1):  # the current release, where a page needs it
        client.get(reverse(name))
