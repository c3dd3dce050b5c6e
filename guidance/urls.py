from django.urls import path

from guidance.views import guides, lists, notice, questions, result, searching, whys

app_name = "guidance"
urlpatterns = [
    path("guide/", questions.themes, name="themes"),
    path("guide/start/", questions.start, name="start"),
    path("guide/code/", notice.come_back, name="come-back"),
    path("guide/<uuid:public_id>/", questions.resume, name="resume"),
    path("guide/<uuid:public_id>/q/<slug:code>/", questions.question, name="question"),
    path("guide/<uuid:public_id>/answers/", questions.summary, name="summary"),
    path("guide/<uuid:public_id>/result/", result.result, name="result"),
    path("guide/<uuid:public_id>/why-not/", whys.why_not, name="why-not"),
    path("guide/<uuid:public_id>/items/<slug:code>/", whys.explain, name="explain"),
    path("guide/<uuid:public_id>/notice/", notice.notice, name="notice"),
    path("guide/<uuid:public_id>/notice.pdf", notice.notice_pdf, name="notice-pdf"),
    path("items/<slug:code>/", guides.item, name="item"),
    path("lists/", lists.lists, name="lists"),
    path("lists/<slug:code>/", lists.item_list, name="list"),
    path("lists/<slug:code>.<slug:kind>", lists.list_file, name="list-file"),
    path("search/", searching.results, name="search"),
]
