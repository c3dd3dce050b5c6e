from pathlib import Path

from django.conf import settings
from django.core.management.base import CommandError

from guidance import loading, releases
from guidance.management import tables

FOLDER = Path(settings.BASE_DIR) / "guidance" / "catalogue"


def chosen(files):
    """Return the Catalogue of the folder `files`, or with None the one in force. Raises CommandError."""
    try:
        if files is not None:
            return releases.made(loading.checked_documents(files))
        with tables.needed():
            return releases.load(releases.current().pk)
    except (loading.CatalogueRefused, releases.NothingPublished) as error:
        raise CommandError(str(error)) from None
