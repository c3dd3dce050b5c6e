"""The guidance pages as a person without script uses them: links followed, forms posted."""

import uuid

import pytest
from django.core.management import call_command
from django.urls import reverse
from django.utils import timezone

from guidance import answering, releases
from guidance.models import GuidanceSession, Release, Source

# A restaurant's questions beyond what the theme answers.
RESTAURANT = {
    "has_licence": "have",
    "entity_type": "individual",
    "staff_count": "3",
    "area": "80",
    "online_sale": "no",
    "outdoor_sign": [],
    "prepaid_card": "no",
}
# Who employs how many matters to whoever has no licence yet.
FOUNDER = RESTAURANT | {"has_licence": "none", "opening_services": []}


@pytest.fixture(autouse=True)
def release(db, _loaded_once):
    if not Release.objects.exists():
        call_command("load_catalogue", verbosity=0)
    return releases.current()


def start(client, theme=""):
    client.post(reverse("guidance:start"), {"theme": theme})
    return GuidanceSession.objects.latest("id")


def question_page(session, code):
    return reverse("guidance:question", args=[session.public_id, code])


def answer(client, session, code, value):
    """Post one answer as the form would, and follow to the next page."""
    data = {} if value == [] else {"answer": value}
    return client.post(question_page(session, code), data, follow=True)


def answer_all(client, session, answers, until=None):
    """Answer each question that is asked; stop before the question `until`."""
    page = client.get(reverse("guidance:resume", args=[session.public_id]), follow=True)
    while (match := page.resolver_match).url_name == "question" and match.kwargs["code"] != until:
        page = answer(client, session, match.kwargs["code"], answers[match.kwargs["code"]])
        assert page.resolver_match.kwargs != match.kwargs, page.context["form"].errors
    return page


def result_page(session):
    return reverse("guidance:result", args=[session.public_id])


def text(page):
    return page.content.decode()


def test_every_theme_is_offered_and_starts_a_session_with_its_answers(client, release):
    page = text(client.get(reverse("guidance:themes")))
    for theme in releases.load(release.pk).themes.values():
        assert theme.name in page
    session = start(client, "hotel")
    assert (session.theme_code, session.answers["lodging_type"], session.release) == ("hotel", "hotel", release)


def test_an_unknown_theme_answers_404_and_starts_nothing(client):
    assert client.post(reverse("guidance:start"), {"theme": "casino"}).status_code == 404
    assert not GuidanceSession.objects.exists()


def test_a_session_is_not_started_by_following_a_link(client):
    assert client.get(reverse("guidance:start")).status_code == 405


def test_the_first_question_says_how_many_are_left(client):
    page = text(client.get(reverse("guidance:resume", args=[start(client).public_id]), follow=True))
    assert "您打算做哪些生意？" in page
    assert "第 1 题，大约还有 " in page


def test_what_the_theme_answered_is_not_asked_again_but_listed(client):
    session = start(client, "restaurant")
    page = answer_all(client, session, RESTAURANT)
    assert page.resolver_match.url_name == "summary"
    assert text(page).count("主题已替您填好") == len(session.sources)
    assert question_page(session, "store_form") in text(page)


def test_an_answer_the_person_changes_is_no_longer_the_themes(client):
    session = start(client, "restaurant")
    answer(client, session, "wastewater", "none")
    session.refresh_from_db()
    assert "wastewater" not in session.sources


def test_back_leads_to_the_question_answered_before_with_its_answer(client):
    session = start(client, "restaurant")
    page = answer(client, session, "online_sale", "yes")
    assert page.resolver_match.kwargs["code"] == "area"
    assert question_page(session, "online_sale") in text(page)
    assert 'value="yes"' in text(client.get(question_page(session, "online_sale"))).split("checked")[0]


def test_back_skips_the_questions_the_theme_answered(client):
    session = start(client, "restaurant")
    page = client.get(reverse("guidance:resume", args=[session.public_id]), follow=True)
    asked = []
    while page.resolver_match.url_name == "question":
        asked.append(page.resolver_match.kwargs["code"])
        assert page.context["previous"] == (asked[-2] if asked[1:] else None)
        page = answer(client, session, asked[-1], FOUNDER[asked[-1]])
    assert not set(asked) & session.sources.keys()


def test_nothing_ticked_is_an_answer(client):
    session = start(client, "restaurant")
    page = answer_all(client, session, RESTAURANT)
    session.refresh_from_db()
    assert session.answers["outdoor_sign"] == []
    assert "都没有" in text(page)


def test_a_choice_must_be_made_and_be_one_of_the_list(client):
    session = start(client, "restaurant")
    answer_all(client, session, RESTAURANT, until="has_licence")
    for value in ("", "maybe"):
        page = client.post(question_page(session, "has_licence"), {"answer": value})
        assert "error-summary" in text(page)
        assert page.context["form"].errors
    session.refresh_from_db()
    assert "has_licence" not in session.answers


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("300", 300),
        (" 1,200.5 ", 1200.5),
        ("80平方米", 80),
        ("８０．５ 平方米", 80.5),
        ("1，200平米", 1200),
        ("约三百平", 300),
    ],
)
def test_a_number_is_read_as_people_type_it(client, typed, kept):
    session = start(client, "restaurant")
    answer_all(client, session, RESTAURANT, until="area")
    answer(client, session, "area", typed)
    session.refresh_from_db()
    assert session.answers["area"] == kept


@pytest.mark.parametrize(
    ("code", "typed", "said"),
    [
        ("area", "", "请填写一个数字"),
        ("area", "很大", "不是数字"),
        ("area", "300多", "不是一个确切的数"),
        ("area", "0", "不能少于 1 平方米"),
        ("area", "9" * 20, "不能多于 200000 平方米"),
        ("area", "9" * 5000, "数字太长了"),
        ("area", "1e5", "不是数字"),
        ("area", "NaN", "不是数字"),
        ("area", "٣٠", "不是数字"),
        ("staff_count", "2.5", "请填写整数"),
        ("staff_count", "-1", "不能少于 0 人"),
    ],
)
def test_a_wrong_number_is_explained_and_kept_for_mending(client, code, typed, said):
    session = start(client, "restaurant")
    answer_all(client, session, FOUNDER, until=code)
    page = client.post(question_page(session, code), {"answer": typed})
    assert said in "".join(page.context["form"].errors["answer"])
    assert 'id="error-summary" autofocus' in page.content.decode()
    session.refresh_from_db()
    assert code not in session.answers


def test_a_changed_answer_drops_what_is_no_longer_asked_and_says_so(client):
    session = start(client, "restaurant")
    answer_all(client, session, RESTAURANT)
    page = answer(client, session, "premises_type", "online_only")
    assert "这些问题不用再回答" in text(page)
    assert "经营面积大约是多少？" in text(page)
    session.refresh_from_db()
    assert not {"area", "store_form", "wastewater", "outdoor_sign"} & set(session.answers)


def test_what_was_known_for_nothing_falls_away_without_a_word(client, release):
    """The theme says food, an earlier application of the shop says hotel: nobody changed an answer."""
    theme = releases.load(release.pk).themes["restaurant"]
    earlier = {"sectors": (["lodging"], Source.EARLIER), "lodging_type": ("hotel", Source.EARLIER)}
    session = answering.begin(release, theme, earlier)
    page = answer(client, session, "online_sale", "no")
    assert "这些问题不用再回答" not in text(page)
    session.refresh_from_db()
    assert "lodging_type" not in session.answers


def test_a_changed_answer_that_opens_a_question_leads_there(client):
    session = start(client, "restaurant")
    answer_all(client, session, RESTAURANT)
    page = answer(client, session, "outdoor_sign", ["own_sign"])
    assert page.resolver_match.kwargs.get("code") == "sign_area"
    page = answer(client, session, "sign_area", "12")
    assert page.resolver_match.url_name == "summary"


def test_a_question_that_is_not_asked_leads_on_and_an_unknown_one_is_missing(client):
    session = start(client, "restaurant")
    page = client.get(question_page(session, "xray"), follow=True)
    assert page.resolver_match.kwargs["code"] == "online_sale"
    assert client.get(question_page(session, "no-such-question")).status_code == 404


def test_an_answer_to_a_question_not_asked_changes_nothing(client):
    session = start(client, "restaurant")
    client.post(question_page(session, "xray"), {"answer": "yes"})
    session.refresh_from_db()
    assert "xray" not in session.answers


@pytest.mark.parametrize("name", ["resume", "summary", "result"])
def test_an_address_nobody_was_given_is_missing(client, name):
    assert client.get(reverse(f"guidance:{name}", args=[uuid.uuid4()])).status_code == 404
    assert client.get("/guide/not-an-address/").status_code == 404


def test_a_block_is_shown_as_soon_as_it_holds_with_what_to_change(client):
    session = start(client, "netcafe")
    answer(client, session, "has_licence", "have")
    page = text(answer(client, session, "premises_type", "residential"))
    assert "不能办：居民住宅楼（院）里不能开网吧。" in page
    assert question_page(session, "premises_type") in page


def test_a_block_is_gone_once_its_cause_is_changed(client):
    session = start(client, "netcafe")
    answer(client, session, "premises_type", "residential")
    page = text(answer(client, session, "premises_type", "shop"))
    assert "不能办" not in page


def test_a_warning_and_a_hint_say_their_effect_and_leave_the_item_choosable(client):
    session = start(client, "convenience-store")
    answers = RESTAURANT | {"online_sale": "yes", "school_distance": "30", "wastewater": "none"}
    answer_all(client, session, answers)
    page = text(client.get(result_page(session)))
    assert "请先核实：学校、幼儿园周边不能设烟草销售网点" in page
    assert "可以申请，但有可能办不下来“烟草专卖零售许可证核发”。" in page
    assert "提示：网上卖食品要在网店首页公示许可证或备案信息。" in page
    assert 'value="tobacco-retail"' in page


def test_the_result_waits_for_the_last_answer(client):
    session = start(client, "restaurant")
    page = client.get(result_page(session), follow=True)
    assert page.resolver_match.url_name == "question"


def test_the_result_says_why_each_item_is_needed(client):
    session = start(client, "restaurant")
    answer_all(client, session, RESTAURANT)
    page = text(client.get(result_page(session)))
    assert "按您的回答，要办 2 项" in page
    assert "现场制作、加热食品属于餐饮服务或现制现售，要办食品经营许可证。" in page
    assert "您回答了：具体卖哪些吃的、喝的？“热食或加热后卖" in page
    assert "依据：《食品安全法》第三十五条" in page
    assert "承诺 6 个工作日" in page
    assert "10 个工作日，自受理之日起算；经批准可延长 5 个工作日" in page


def test_the_result_says_who_brings_each_paper_and_counts_a_shared_one_once(client):
    session = start(client, "restaurant")
    answer_all(client, session, RESTAURANT | {"has_licence": "none", "opening_services": ["seal"]})
    recommendation = client.get(result_page(session)).context["recommendation"]
    providers = {paper.material.code: paper.provider for paper in recommendation.papers}
    assert providers["mat-premises-proof"] == "您提交"
    assert providers["mat-kitchen-equipment"] == "系统生成"
    assert providers["mat-rep-id"] == "部门共享核验"
    assert providers["mat-business-licence"] == "随结果自动获取"
    proof = next(paper for paper in recommendation.handed_in if paper.material.code == "mat-premises-proof")
    assert len(proof.items) > 1


def test_a_result_that_must_be_there_first_is_counted_where_it_is_filed_elsewhere(client):
    session = start(client, "restaurant")
    answer_all(client, session, RESTAURANT | {"has_licence": "none", "opening_services": ["seal", "bank"]})
    recommendation = client.get(result_page(session)).context["recommendation"]
    assert recommendation.handed_in_count == len(recommendation.handed_in)
    without_seal = [one.item.code for one in recommendation.chosen if one.item.code != "seal-engraving"]
    page = client.post(result_page(session), {"item": without_seal, "count": "1"})
    recommendation = page.context["recommendation"]
    assert [result.items for result in recommendation.results] == [("银行开户预约（基本存款账户）",)]
    assert f"需要 <strong>{len(recommendation.handed_in) + 1}</strong> 份材料" in text(page)
    assert "“印章刻制”的办理结果" in text(page)


def test_a_licence_held_already_is_verified_by_the_offices(client):
    session = start(client, "restaurant")
    answer_all(client, session, RESTAURANT)
    recommendation = client.get(result_page(session)).context["recommendation"]
    providers = {paper.material.code: paper.provider for paper in recommendation.papers}
    assert providers["mat-business-licence"] == "部门共享核验"


def test_a_blocked_item_cannot_be_chosen(client):
    session = start(client, "netcafe")
    answers = {"has_licence": "have", "entity_type": "company", "staff_count": "2", "area": "120"}
    answers |= {"outdoor_sign": [], "wastewater": "none", "prepaid_card": "no", "school_distance": "150"}
    answer_all(client, session, answers)
    page = client.get(result_page(session))
    assert "中学、小学校园周围200米内不能开网吧。" in text(page)
    assert 'value="internet-cafe"' not in text(page)
    client.post(result_page(session), {"item": ["internet-cafe", "fire-safety-check", "internet-cafe-security"]})
    session.refresh_from_db()
    assert session.declined == []
    chosen = client.get(result_page(session)).context["recommendation"].chosen
    assert "internet-cafe" not in [one.item.code for one in chosen]


def test_an_item_not_ticked_is_kept_as_declined_and_the_rest_goes_on(client):
    session = start(client, "restaurant")
    answer_all(client, session, RESTAURANT)
    page = client.post(result_page(session), {"item": ["food-operation"]})
    assert page.url == f"/applications/start/?guide={session.public_id}"
    session.refresh_from_db()
    assert session.declined == ["drainage"]
    assert "另行办理" in text(client.get(result_page(session)))


def test_counting_again_stays_on_the_page_and_says_what_is_left_out(client):
    session = start(client, "restaurant")
    answer_all(client, session, RESTAURANT)
    page = client.post(result_page(session), {"item": ["food-operation"], "count": "1"})
    assert page.status_code == 200
    assert "共选 <strong>1</strong> 项" in text(page)
    assert "您这次没有选：“污水排入排水管网许可”" in text(page)


def test_at_least_one_item_must_be_chosen(client):
    session = start(client, "restaurant")
    answer_all(client, session, RESTAURANT)
    page = client.post(result_page(session), {})
    assert "还没有选要办的事项" in text(page)


def test_an_item_that_a_later_answer_needs_no_more_is_not_declined(client):
    session = start(client, "restaurant")
    answer_all(client, session, RESTAURANT)
    client.post(result_page(session), {"item": ["food-operation"]})
    answer(client, session, "wastewater", "none")
    assert client.get(result_page(session)).context["recommendation"].declined == ()


def test_a_business_that_needs_no_licence_is_told_so(client):
    session = start(client)
    answers = RESTAURANT | {"premises_type": "shop", "store_form": "shop", "sectors": ["goods"]}
    answer_all(client, session, answers | {"goods_kinds": ["general"], "wastewater": "none"})
    page = client.get(result_page(session))
    assert "按您的回答，不用办许可证" in text(page)
    assert client.post(result_page(session), {}).status_code == 200


def test_a_session_keeps_the_release_it_began_under(client, release):
    session = start(client, "restaurant")
    answer_all(client, session, RESTAURANT)
    empty = {name: {} for name in release.header}
    Release.objects.create(
        number=release.number + 1,
        status="published",
        content_sha256="0" * 64,
        header=empty,
        effective_on=timezone.localdate(),
        published_at=timezone.now(),
    )
    assert "食品经营许可" in text(client.get(result_page(session)))


def test_the_service_guide_of_an_item_is_public(client):
    page = text(client.get(reverse("guidance:item", args=["food-operation"])))
    for said in ("现做、加热或散装卖食品", "食品安全法", "经营场所平面布局图", "10 个工作日", "食品经营许可证", "5 年"):
        assert said in page
    assert client.get(reverse("guidance:item", args=["no-such-item"])).status_code == 404


def test_every_item_has_its_service_guide(client, release):
    for code in releases.load(release.pk).items:
        assert client.get(reverse("guidance:item", args=[code])).status_code == 200


def test_a_page_costs_the_same_queries_however_much_it_shows(client, django_assert_num_queries):
    few, many = start(client, "restaurant"), start(client, "restaurant")
    answer_all(client, few, RESTAURANT)
    more = {"has_licence": "none", "opening_services": ["seal", "bank", "tax"], "outdoor_sign": ["banner"]}
    answer_all(client, many, RESTAURANT | more)
    for session in (few, many):
        for address in ("summary", "result"):
            with django_assert_num_queries(1):
                client.get(reverse(f"guidance:{address}", args=[session.public_id]))
        with django_assert_num_queries(1):
            client.get(question_page(session, "area"))
    with django_assert_num_queries(1):
        client.get(reverse("guidance:themes"))
    # The guide names the offices and the halls.
    for code in ("food-operation", "bank-account"):
        with django_assert_num_queries(3):
            client.get(reverse("guidance:item", args=[code]))


def test_no_page_carries_script_or_style_of_its_own(client):
    session = start(client, "netcafe")
    answers = {"has_licence": "have", "entity_type": "individual", "staff_count": "2", "area": "120"}
    answers |= {"outdoor_sign": [], "wastewater": "none", "prepaid_card": "no", "school_distance": "150"}
    answer_all(client, session, answers)
    addresses = [reverse("guidance:themes"), question_page(session, "area"), result_page(session)]
    for address in [*addresses, reverse("guidance:summary", args=[session.public_id])]:
        page = text(client.get(address))
        assert " style=" not in page
        assert "<style" not in page
        assert " on" not in "".join(part.split(">")[0] for part in page.split("<")[1:] if "=" in part).replace(
            " only", ""
        )
        assert page.count("<script") == page.count("<script src=")


@pytest.mark.parametrize(("answers", "told"), [(RESTAURANT, True), (FOUNDER, False)])
def test_who_has_a_licence_already_is_told_that_held_ones_are_not_filed_again(client, answers, told):
    session = start(client, "restaurant")
    answer_all(client, session, answers)
    assert ("已经有的证不用再办" in client.get(result_page(session)).content.decode()) == told
