"""What is printed: each item's own statutory form from the one merged form, and the package for the window.

The department gets *its* form, as if only its item had been filed: the elements that this item asks for, and no other.
"""

from itertools import groupby

from django.conf import settings
from django.core.exceptions import ObjectDoesNotExist
from django.urls import reverse

from exchange import pdf
from exchange.barcodes import code128_svg, qr_svg
from guidance import releases
from guidance.schema.items import FILING
from licensing import papers as paperwork
from licensing.checking import problems_of
from licensing.plan import plan_for
from licensing.printed import as_drafted, as_signed
from licensing.sampling import sample_of
from licensing.snapshots import what_is_seen
from licensing.wording import heading_of, rows_text, table_of, value_text


def item_form(application, code, values=None, *, hidden=frozenset()):
    """Return one item's form as a PDF. Raises KeyError for an item not filed for, and pdf.PdfUnavailable.

    values: as they stand now (of a submitted application: routing.values.current_values), as signed unless given.
    hidden: codes of the elements whose numbers are masked.
    """
    signed = bool(application.snapshot)
    filing = as_signed(application, values) if signed else as_drafted(application, *_planned(application))
    forms = [_form(filing, code, hidden)]
    return pdf.render("licensing/print/form.html", {"filing": filing, "forms": forms, "heading": forms[0]["title"]})


def sample_form(release, code):
    """Return one item's form filled in with examples (范例表), as a PDF. Raises KeyError and pdf.PdfUnavailable."""
    filing = sample_of(release, releases.load(release.pk), code)
    forms = [_form(filing, code, frozenset())]
    heading = f"{forms[0]['title']}（样例）"
    return pdf.render("licensing/print/form.html", {"filing": filing, "forms": forms, "heading": heading})


def package(application):
    """Return all that is printed for the window as a PDF: cover, checklist of papers, forms, promises, signature sheet.

    Raises pdf.PdfUnavailable.
    """
    planned = None if application.snapshot else _planned(application)
    filing = as_drafted(application, *planned) if planned else as_signed(application)
    context = {
        "filing": filing,
        "heading": "材料包",
        "forms": [_form(filing, code, frozenset()) for code in filing.elements],
        "barcode": code128_svg(filing.number),
        "qr": qr_svg(settings.PUBLIC_URL + reverse("licensing:detail", args=[application.public_id])),
        "code": application.draft_code,
        # What still stands in the way of handing it in, in sentences.
        "problems": [problem.text for problem in problems_of(application, *planned)] if planned else [],
        "fingerprint": _fingerprint(application, planned),
    }
    return pdf.render("licensing/print/package.html", context)


def _planned(draft):
    plan = plan_for(draft)
    return plan, paperwork.ways(draft, plan)


def _form(filing, code, hidden):
    catalogue = releases.load(filing.application.release_id)
    item, asked = catalogue.items[code], set(filing.elements[code])
    elements = [element for element in catalogue.elements.values() if element.code in asked]
    return {
        "item": item,
        "title": title_of(item),
        "basis": "、".join(f"《{basis.title}》{basis.article}" for basis in item.legal_basis),
        "barcode": "" if filing.is_sample else code128_svg(filing.number),
        "by_promise": code in filing.commitments,
        # The dictionary keeps the elements of a group together, and its groups in the form's order.
        "groups": [
            (name, [_line(filing, element, hidden) for element in group])
            for name, group in groupby(elements, key=lambda element: element.group)
        ],
        "papers": [paper for paper in filing.papers if code in paper["items"]],
        "masked": bool(hidden & asked),
        "signature": _signature(filing.application),
    }


def title_of(item):
    """The name of the item's form: 《…申请表》, 《…备案表》 for a filing that calls itself one."""
    filed = item.kind == FILING and item.name.endswith("备案")
    return f"{item.name}表" if filed else f"{item.name}申请表"


def _line(filing, element, hidden):
    """An element as a form shows it: a text, or the columns and rows of a table, and what is to be known of it."""
    value, signed = filing.values.get(element.code), filing.signed.get(element.code)
    said, hide = filing.disputes.get(element.code), element.code in hidden
    return {
        "label": element.label,
        "text": "" if element.type == "rows" else value_text(element, value, hide=hide),
        "columns": [heading_of(column) for column in element.columns],
        "rows": table_of(element, value, hide=hide) if element.type == "rows" else [],
        "wide": element.type == "rows" or len(str(value or "")) > 60,
        "system_filled": element.system_filled,
        "dispute": said and {"was": value_text(element, said.get("was"), hide=hide), "reason": said["reason"]},
        "signed": "；".join(rows_text(element, signed, hide=hide)) or value_text(element, signed, hide=hide) or "没有填"
        if signed != value
        else "",
    }


def _signature(application):
    """The Signature, None before signing and for what was submitted before signatures were kept."""
    try:
        return application.signature
    except ObjectDoesNotExist:
        return None


def _fingerprint(application, planned):
    """By it the clerk sees that what was printed is still what is filled in; of a submitted one, the signed hash."""
    return what_is_seen(application, *planned) if planned else application.snapshot_sha256
