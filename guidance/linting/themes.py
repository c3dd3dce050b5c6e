"""Do the themes name items that exist, and do their preset answers open the questionnaire as promised?"""

from guidance.engine import InvalidAnswer, replay
from guidance.linting.checks import shown


def check(book):
    common = book.heads.get("themes", {}).get("common_items")
    for code in common if isinstance(common, list) else []:
        # What is no text at all has been reported as such.
        if isinstance(code, str) and code not in book.known["items"]:
            book.report_head("themes", "common_items", *book.missing("items", code))
    for code, theme in book.sound["themes"].items():
        for key in ("core", "items"):
            for item in theme[key]:
                if item not in book.known["items"]:
                    book.report("themes", code, key, *book.missing("items", item))
        for item in sorted(set(theme["core"]) - set(theme["items"])):
            book.report("themes", code, "core", f"{shown(item)}也要写在items里", f"在items里加上{item[:60]}")


def check_seeds(book, catalogue):
    """Only on a catalogue that is otherwise in order: replay each theme's preset answers."""
    for code, theme in catalogue.themes.items():
        try:
            situation = replay(catalogue, theme.seed_answers)
        except InvalidAnswer as error:
            book.report("themes", code, f"seed_answers.{error.question}", error.message, "改成问题会接受的答案")
            continue
        for question in situation.dropped:
            message = "按其他预选的答案，不会问这个问题"
            book.report("themes", code, f"seed_answers.{question}", message, "删掉这个答案，或者补上会问到它的答案")
        for item in theme.core:
            if item not in situation.items:
                message = f"按预选的答案，不一定要办“{item}”"
                book.report("themes", code, "core", message, "补上会用到它的预选答案，或者从core里删掉（留在items里）")
