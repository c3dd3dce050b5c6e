"""Which office decides an item (按事权分发, plan art. 7): its department, at the level the item is decided."""

from django.db.models import Q

from guidance.models import Office

CITY_LEVEL = "市级"


def offices_for(items, division):
    """Return {item code: its Office, or None where the city has none}, in one query.

    items: catalogue items. A 市级 one goes to the city's office, a 县级 one to the premises' own division.
    """
    city = division.parent or division
    at = {item.code: city if item.level == CITY_LEVEL else division for item in items}
    places = Q(division__in=[city, division], department__name__in={item.department for item in items})
    offices = {
        (office.department.name, office.division_id): office
        for office in Office.objects.filter(places).select_related("department")
    }
    return {item.code: offices.get((item.department, at[item.code].pk)) for item in items}
