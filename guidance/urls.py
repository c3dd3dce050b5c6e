from django.urls import path

from guidance.views import guides, questions, result

app_name = "guidance"
urlpatterns = [
    path("guide/", questions.themes, name="themes"),
    path("guide/start/", questions.start, name="start"),
    path("guide/<uuid:public_id>/", questions.resume, name="resume"),
    path("guide/<uuid:public_id>/q/<slug:code>/", questions.question, name="question"),
    path("guide/<uuid:public_id>/answers/", questions.summary, name="summary"),
    path("guide/<uuid:public_id>/result/", result.result, name="result"),
    path("items/<slug:code>/", guides.item, name="item"),
]
