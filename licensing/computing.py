"""Elements that nobody types: worked out from a table of the same form (`computed` in the catalogue). Pure."""

from decimal import Decimal


def computed_value(element, values):
    """Return the count, sum or max of a `rows` value in the element's own type, or None while the table is empty."""
    rule = element.computed
    rows = values.get(rule["rows"])
    if not rows:
        return None
    if rule["op"] == "count":
        return len(rows)
    numbers = [Decimal(str(row[rule["column"]])) for row in rows if row.get(rule["column"]) is not None]
    if not numbers:
        return None
    result = sum(numbers) if rule["op"] == "sum" else max(numbers)
    return int(result) if element.type == "integer" else f"{result:f}"
