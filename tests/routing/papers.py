"""Papers handed in for a task of the tests, with bytes that a browser shows."""

from io import BytesIO

from PIL import Image

from tests.factories import StoredFileFactory, SubmittedMaterialFactory

PDF = b"""%PDF-1.4
1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj
2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj
3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 300 200]>>endobj
trailer<</Root 1 0 R>>
startxref
0
%%EOF"""


def picture():
    content = BytesIO()
    Image.new("RGB", (60, 40), "#b3cee6").save(content, "PNG")
    return content.getvalue()


def file_of(name, content, content_type):
    return StoredFileFactory(name=name, content=content, content_type=content_type)


def pdf(name="租赁合同.pdf"):
    return file_of(name, PDF, "application/pdf")


def image(name="场所照片.png"):
    return file_of(name, picture(), "image/png")


def hand_in(task, *files, code=None, how="upload", **traits):
    """Keep the files as a paper of the task's item (its first, unless told), as submission would have."""
    application, codes = task.application, task.application.snapshot["items"][task.item_code]["materials"]
    code = code or codes[0]
    named = application.snapshot["materials"][code]["name"]
    material = SubmittedMaterialFactory(application=application, code=code, name=named, how=how, **traits)
    material.files.add(*files)
    return material
