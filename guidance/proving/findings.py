"""What the proof found: where, what is wrong, how to mend it, and answers that show it."""

import json
from dataclasses import dataclass

from guidance.linting.problems import Problem


@dataclass(frozen=True)
class Finding(Problem):
    """Of level ERROR it is a violation; of level WARNING something an editor may like to know.

    `path`: {question: answer} in the order of asking, which `replay` and `manage.py recommend` take as it is.
    """

    check: str = ""
    path: dict | None = None

    def __str__(self):
        if self.path is None:
            return super().__str__()
        # Not canonical, which would sort the questions: they stand in the order of asking.
        return f"{super().__str__()}\n    这样答就会遇到：{json.dumps({'answers': self.path}, ensure_ascii=False)}"


def in_questions(name, code, key=""):
    """Where an entry stands, as keywords of a Finding: questions.yaml › rules[drainage-1] › when."""
    return {"file": "questions.yaml", "entry": f"{name}[{code}]", "key": key}
