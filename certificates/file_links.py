"""Links to e-licence files for who looked at them by office: for one reader, for five minutes."""

import logging

from django.core import signing
from django.http import Http404
from django.shortcuts import get_object_or_404

from certificates.models import LicenceFile
from licensing.files.downloads import download

logger = logging.getLogger(__name__)

LINK_SECONDS = 300
_SIGNER = signing.TimestampSigner(salt="certificates.licence-file")


def key_for(licence, reader):
    """What opens the licence's file to this reader: a User or a DepartmentClient."""
    return _SIGNER.sign(_named(licence.public_id, reader)).split(_SIGNER.sep, 1)[1]


def opens(key, public_id, reader):
    """Was the key made for this licence and reader, less than five minutes ago?"""
    try:
        _SIGNER.unsign(f"{_named(public_id, reader)}{_SIGNER.sep}{key}", max_age=LINK_SECONDS)
    except signing.BadSignature:
        return False
    return True


def made_files():
    """Files that are there to be opened."""
    return LicenceFile.objects.current().exclude(made_at=None)


def found_or_404(files):
    """The answer with the one file of these."""
    response = handed_out(get_object_or_404(files))
    if response is None:
        raise Http404
    return response


def handed_out(file):
    """The download of the file; None, and a line in the log, if its bytes are lost."""
    try:
        content = file.content.open("rb")
    except FileNotFoundError:
        logger.error("the bytes of e-licence %s are not there", file.pk)
        return None
    return download(content, f"{file.licence.name}.pdf", "application/pdf")


def _named(public_id, reader):
    return f"{public_id}/{reader._meta.label_lower}/{reader.pk}"
