"""A folder's catalogue, read and linted, as it holds in a city with the city's overlay."""

from dataclasses import dataclass, replace

from guidance import overlays
from guidance.linting import examine
from guidance.linting.overlays import lint as lint_overlay
from guidance.reading import read_folder, read_overlay


@dataclass(frozen=True)
class Examined:
    """`documents` are good only without `problems`; `overlay` is what Release.overlay keeps of it, {} without one."""

    documents: dict
    overlay: dict
    unreadable: tuple = ()
    errors: tuple = ()
    warnings: tuple = ()

    @property
    def problems(self):
        """All that forbids publishing."""
        return [*self.unreadable, *self.errors]


def examine_folder(folder, overlay=""):
    """Return what there is to say of the catalogue in the folder, with the overlay of that name if one is named."""
    documents, unreadable = read_folder(folder)
    errors, warnings = examine(documents)
    common = Examined(documents, {}, tuple(unreadable), tuple(errors), tuple(warnings))
    if not overlay:
        return common
    changes, unreadable = read_overlay(folder, overlay)
    if unreadable or common.problems:
        # Against a catalogue that is not in order nothing can be said of an overlay.
        return replace(common, unreadable=(*common.unreadable, *unreadable))
    return _overlaid(common, changes, overlay)


def _overlaid(common, changes, name):
    errors = lint_overlay(changes, common.documents, name)
    if errors:
        return replace(common, errors=tuple(errors))
    documents, differences = overlays.apply(common.documents, changes)
    errors, warnings = examine(documents)
    return Examined(
        documents,
        {"name": name, "city": changes["city"], "differences": differences},
        errors=tuple(replace(error, message=f"按{changes['city']}的改法，{error.message}") for error in errors),
        warnings=tuple(warnings),
    )
