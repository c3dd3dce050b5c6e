"""One form and one set of papers for several items: each element asked once, each paper handed in once. Pure."""

from dataclasses import dataclass

from guidance.requirements import elements_of, is_promised, is_required, materials_of
from guidance.schema import Element


@dataclass(frozen=True, eq=False)
class WantedElement:
    element: Element
    items: tuple  # codes of the items that show it, in the catalogue's order
    required: bool  # by any of them

    @property
    def code(self):
        return self.element.code


@dataclass(frozen=True, eq=False)
class WantedMaterial:
    variants: dict  # {item code: the Material as that item defines it}; terms such as defer_days may differ
    promised: tuple = ()  # codes of the items, filed by promise, for which the promise stands instead of the paper

    @property
    def material(self):
        """As the first item that asks for it defines it: name and source are the same everywhere."""
        return next(iter(self.variants.values()))

    @property
    def code(self):
        return self.material.code

    @property
    def name(self):
        return self.material.name

    @property
    def items(self):
        return tuple(self.variants)

    @property
    def needing(self):
        """Codes of the items for which the paper itself is needed."""
        return tuple(code for code in self.variants if code not in self.promised)


@dataclass(frozen=True, eq=False)
class Step:
    """A page of the form: the elements of one group. `slug` is the group's place in the whole catalogue, from 1."""

    slug: str
    name: str
    wanted: tuple[WantedElement, ...]


def merge_elements(catalogue, items, facts):
    """Return the WantedElements of these catalogue items, each once, in the dictionary's order.

    Raises KeyError when an item names an element that the dictionary does not have.
    """
    asking = {}
    for item in items:
        for element in elements_of(catalogue, item, facts):
            asking.setdefault(element.code, []).append(item)
    return tuple(
        WantedElement(
            element=catalogue.elements[code],
            items=tuple(item.code for item in asking[code]),
            required=any(is_required(item, code) for item in asking[code]),
        )
        for code in catalogue.elements
        if code in asking
    )


def merge_materials(catalogue, items, facts, values, committed=()):
    """Return the WantedMaterials of these items, each once, `generated` ones included.

    committed: codes of the items filed by promise (告知承诺); the others go the ordinary way.
    """
    asking, promised = {}, {}
    for item in items:
        by_promise = item.code in committed
        for material in materials_of(item, facts, values, committed=by_promise):
            asking.setdefault(material.code, {})[item.code] = material
            if by_promise and is_promised(material, facts):
                promised.setdefault(material.code, []).append(item.code)
    return tuple(WantedMaterial(variants, tuple(promised.get(code, ()))) for code, variants in asking.items())


def steps_of(catalogue, wanted):
    """Return the Steps of these WantedElements: one for each group that has any, in the catalogue's order."""
    groups = list(dict.fromkeys(element.group for element in catalogue.elements.values()))
    steps = []
    for place, group in enumerate(groups, start=1):
        members = tuple(one for one in wanted if one.element.group == group)
        if members:
            steps.append(Step(str(place), group, members))
    return tuple(steps)
