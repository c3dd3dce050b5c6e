from exchange import pdf
from tests.pdf_text import text_of


def test_nothing_is_fetched_for_a_pdf(tmp_path, settings, caplog):
    (tmp_path / "page.html").write_text('<img src="file:///etc/hostname"><img src="http://127.0.0.1:1/"><p>正文</p>')
    settings.TEMPLATES = [{**settings.TEMPLATES[0], "DIRS": [tmp_path]}]
    assert text_of(pdf.render("page.html", {})) == "正文"
