"""The public page in English: its own words are, and what was registered stays as it was."""

import re
from pathlib import Path

import pytest
import yaml
from django.conf import settings as django_settings

from certificates.models import LicenceStatus
from certificates.public import english
from certificates.public.facts import DEEMED, EXPIRED, STATES
from certificates.public.pages import _MEANINGS, _TITLES
from licensing.models import EntityType
from tests.factories import EnterpriseFactory, LicenceFactory

_CHINESE = re.compile(r"[\u3000-\u303f\u4e00-\u9fff\uff00-\uffef]")
# Elements that carry registered words say so.
_REGISTERED = re.compile(r"<(\w+)[^>]* lang=\"zh-Hans\"[^>]*>.*?</\1>", re.DOTALL)


def english_page(client, enterprise, page=1):
    return client.get(f"/e/{enterprise.public_token}/?lang=en&page={page}").content.decode()


@pytest.mark.parametrize("status", LicenceStatus)
def test_every_word_of_its_own_is_english(client, db, status):
    holder = LicenceFactory(status=status, valid_until=None, scope="热食类食品制售；" * 300).holder
    LicenceFactory(holder=holder, valid_until="2025-01-01", item_code="business-registration", name="营业执照")
    own = _REGISTERED.sub("", english_page(client, holder)).replace(f"<title>{holder.name}", "")
    assert _CHINESE.findall(own) == []
    assert english.STATES[status] in own


def test_names_and_scopes_stay_as_they_are_registered(client, db):
    licence = LicenceFactory(scope="热食类食品制售")
    text = english_page(client, licence.holder)
    registered = (licence.name, licence.authority, licence.scope, licence.premises.address, licence.holder.name)
    assert [shown for shown in registered if shown not in text] == []
    for shown in ("Food business licence", "6 May 2024 – 5 May 2029", "Valid licences (1)", 'lang="en"'):
        assert shown in text


def test_one_parameter_leads_there_and_back(client, db):
    enterprise = EnterpriseFactory()
    assert (
        'href="?lang=en" lang="en" hreflang="en">English</a>'
        in client.get(f"/e/{enterprise.public_token}/").content.decode()
    )
    assert 'href="?lang=zh" lang="zh-Hans" hreflang="zh-Hans">中文</a>' in english_page(client, enterprise)
    assert "Nothing found" in client.get("/e/nobody/?lang=en").content.decode()
    for other in ("?lang=fr", "?lang=", "?lang=en%00"):
        assert '<html lang="zh-Hans">' in client.get(f"/e/{enterprise.public_token}/{other}").content.decode()


def test_every_phrase_of_the_pages_has_its_english():
    folder = Path(django_settings.BASE_DIR) / "templates" / "jinja2" / "public"
    phrases = {text for page in folder.iterdir() for text in re.findall(r'"([^"]*)"\|words', page.read_text())}
    assert len(phrases) > 30
    assert [text for text in sorted(phrases | set(_TITLES)) if not english.phrase(text) and "起" not in text] == []


def test_states_kinds_and_certificates_all_have_a_name():
    items = yaml.safe_load((Path(django_settings.BASE_DIR) / "guidance/catalogue/items.yaml").read_text())["items"]
    assert english.CERTIFICATES.keys() == {item["code"] for item in items if item["certificate_name"]}
    assert english.STATES.keys() == STATES.keys() == {*LicenceStatus, EXPIRED, DEEMED}
    assert english.MEANINGS.keys() == _MEANINGS.keys() == STATES.keys()
    assert english.ENTITY_TYPES.keys() == set(EntityType)
