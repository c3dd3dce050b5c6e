"""How many licences one processor seals and verifies in a second: their data alone, and whole PDF files."""

import time
from datetime import date

from django.conf import settings
from django.test import override_settings
from django.utils import timezone

from certificates import identifiers, keys, seals
from certificates.elicences import making, unpacking, verifying
from certificates.models import CertificateType, Licence, LicenceFile
from guidance.models import Office
from licensing.models import Enterprise, Premises
from portal.benchmarks.figures import median_and_p99, timed
from portal.benchmarks.filing import open_offices

_SEALS, _FILES, _VERDICTS = 3000, 30, 20
_BODY = "114417000000EX0G8Y"


def measure():
    path = settings.DATA_DIR.parent / "licence-key.pem"
    key = keys.make_development_key(path)
    with override_settings(LICENCE_KEY_FILE=str(path)):
        files = [making.ask(licence) for licence in _licences()]
        making.make(files[0].pk)  # loads the libraries and the fonts
        yield from _data(LicenceFile.objects.get(pk=files[0].pk), key)
        yield from _pdfs(files[1:])


def _data(file, key):
    payload = file.data.encode()
    seconds, made = timed(lambda: [seals.sign(payload) for _ in range(_SEALS)])
    yield f"data of a licence ({len(payload)} bytes) sealed", f"{_SEALS / seconds:.0f} a second"
    seconds, wrong = timed(lambda: sum(bool(seals.verify(payload, seal, key)) for seal in made))
    if wrong:
        raise RuntimeError("a seal does not hold")
    yield "seals verified", f"{_SEALS / seconds:.0f} a second"


def _pdfs(files):
    seconds, made = timed(lambda: sum(making.make(file.pk) for file in files))
    yield f"PDF laid out, sealed, signed, written; {made} files", f"{made / seconds:.1f} a second"
    contents = [LicenceFile.objects.get(pk=file.pk).content.read() for file in files]
    yield "size of a file", f"{sum(map(len, contents)) / len(contents) / 1024:.0f} KiB"
    seconds, genuine = timed(
        lambda: sum(verifying.judge(content, unpacking.unpack(content)).genuine for content in contents)
    )
    if genuine != len(contents):
        raise RuntimeError("a file is not genuine")
    yield "PDF verified, libraries loaded", f"{len(contents) / seconds:.0f} a second"
    times = []
    for content in contents[:_VERDICTS]:
        begun = time.perf_counter()
        verifying.verdict(content)
        times.append(time.perf_counter() - begun)
    yield "PDF verified as the page does it, a process for each", median_and_p99(times)


def _licences():
    """So many licences with identifiers, all of one shop."""
    district = open_offices()
    holder = Enterprise.objects.create(name="测试商行", uscc="914417020000EX015T", verified_at=timezone.now())
    premises = Premises.objects.create(enterprise=holder, division=district, name="总店", address="漠江路1号")
    CertificateType.objects.get_or_create(
        item_code="food-operation", defaults={"name": "食品经营许可证", "code": f"{_BODY}001"}
    )
    office = Office.objects.filter(division=district).first()
    rows = [
        Licence(
            holder=holder,
            premises=premises,
            item_code="food-operation",
            name="食品经营许可证",
            number=f"JY1441702{serial:07}",
            identifier=identifiers.build(f"{_BODY}001", _BODY, identifiers.new_serial(), 1),
            office=office,
            authority=office.name,
            issued_on=date(2026, 3, 2),
            valid_until=date(2031, 3, 1),
            scope="热食类食品制售；冷食类食品制售；自制饮品制售",
        )
        for serial in range(_FILES + 1)
    ]
    return Licence.objects.filter(pk__in=[row.pk for row in Licence.objects.bulk_create(rows)])
