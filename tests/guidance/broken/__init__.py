"""Catalogues with one fault each: the real one with a few changes. What each file says:

    fault: what went wrong, as an editor would tell it (Chinese)
    found_by: lint or proof
    place: the finding's place, as it is printed: questions.yaml › questions[floors] › validation
    words: what its message says, among other things
    changes:
      questions:                       # a list of the four documents
        floors: {validation: {…}}      # its entry: these keys get these values; one that is not there is added
        canteen: null                  # this entry is taken out
      rules:
        drainage-1: {when: {…}}        # a rule goes by <item>-<n>, as in findings
      items:
        drainage:
          materials[mat-lease].defer_days: 40    # an entry within an entry, then the key in it

`python -m tests.guidance.broken FAULT FOLDER` writes the four files of one, for the commands to be tried on.
"""

import functools
import pickle
import re
from pathlib import Path

import yaml

from guidance.linting import shapes
from guidance.reading import read_file, read_folder
from guidance.schema import with_rule_codes

FOLDER = Path(__file__).resolve().parent
CATALOGUE = FOLDER.parent.parent.parent / "guidance" / "catalogue"
DOCUMENT_OF = {name: document for document, lists in shapes.ENTRIES.items() for name in lists}


def faults(found_by):
    """Names of the broken catalogues whose fault the lint, or the proof, must find."""
    return sorted(path.stem for path in FOLDER.glob("*.yaml") if read_file(path)["found_by"] == found_by)


def description(name):
    return read_file(FOLDER / f"{name}.yaml")


def broken_documents(name):
    """The four documents {name: content} of the broken catalogue."""
    documents = pickle.loads(_real_catalogue())
    for kind, changes in description(name)["changes"].items():
        _change(documents[DOCUMENT_OF[kind]], kind, changes)
    # A change may put one YAML value in two places; no entry is to be another's twin.
    return pickle.loads(pickle.dumps(documents))


@functools.cache
def _real_catalogue():
    """The real documents, pickled: ten times quicker to copy than to read, and nobody's to change."""
    documents, problems = read_folder(CATALOGUE)
    assert not problems
    return pickle.dumps(documents)


def write(name, folder):
    """Write the broken catalogue's four files into the folder."""
    for document, content in broken_documents(name).items():
        text = yaml.safe_dump(content, allow_unicode=True, sort_keys=False, width=1000)
        (Path(folder) / f"{document}.yaml").write_text(text)


def _change(document, kind, changes):
    entries = document[kind]
    coded = with_rule_codes(entries) if kind == "rules" else entries
    place_of = {entry["code"]: place for place, entry in enumerate(coded)}
    removed = set()
    for code, keys in changes.items():
        if keys is None:
            removed.add(place_of[code])
        elif code in place_of:
            for key, value in keys.items():
                _put(entries[place_of[code]], key, value)
        else:
            entries.append(keys if kind == "rules" else {"code": code, **keys})
    document[kind] = [entry for place, entry in enumerate(entries) if place not in removed]


def _put(entry, key, value):
    """key: `name`, or a path `materials[mat-lease].defer_days`; entries within by code, or by place from 1."""
    *way, last = key.split(".")
    for step in way:
        name, code = re.fullmatch(r"(\w+)(?:\[(.+)\])?", step).groups()
        entry = entry[name]
        if code:
            entry = entry[int(code) - 1] if code.isdigit() else next(one for one in entry if one["code"] == code)
    entry[last] = value
