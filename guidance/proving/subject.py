"""The catalogue that is being proven, and the diagrams of all that its answers can change. Pure."""

import functools

from guidance.reasoning.diagrams import Under


class Subject:
    def __init__(self, catalogue):
        self.catalogue, self.diagrams = catalogue, catalogue.diagrams
        self._nothing_given = Under(self.diagrams, {})

    @functools.cached_property
    def outcomes(self):
        """Every diagram that an answer may change, each once: guidance.reasoning.outcomes says what they are."""
        wholes = {id(one): one for reached in self.catalogue.reach.outcomes.values() for one in reached}.values()
        diagrams = [one.diagram(self.diagrams) for one in wholes]
        diagrams += [one.part_diagram(self.diagrams, part) for one in wholes for part in one.parts]
        return list({id(diagram): diagram for diagram in diagrams}.values())

    def named_in(self, diagram):
        """Codes of the questions whose answers can change the diagram, in their order."""
        return self._nothing_given.open_questions(diagram)

    def needed(self, item):
        return self._any_of(self.catalogue.rules_of.get(item, ()))

    def blocked(self, item):
        return self._any_of(self.blocks(item))

    def blocks(self, item):
        """The notices that forbid the item; one that names no item forbids all."""
        return [*self._blocks.get(item, ()), *self._blocks.get(None, ())]

    @functools.cached_property
    def _blocks(self):
        """{item code, or None for all items: its block notices}."""
        blocks = {}
        for notice in self.catalogue.notices.values():
            for item in (notice.items or [None]) if notice.level == "block" else ():
                blocks.setdefault(item, []).append(notice)
        return blocks

    def _any_of(self, entries):
        return self.diagrams.any(self.diagrams.of(entry.when) for entry in entries)

    def nodes(self):
        """Every node of the outcomes' diagrams, once."""
        seen, waiting = {}, [one for one in self.outcomes if not isinstance(one, bool)]
        while waiting:
            node = waiting.pop()
            if id(node) not in seen:
                seen[id(node)] = node
                waiting.extend(child for child in node.children if not isinstance(child, bool))
        return list(seen.values())
