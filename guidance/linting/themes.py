"""Do the themes name items that exist, and do their preset answers open the questionnaire as promised?"""

from guidance.engine import InvalidAnswer, replay


def check(book):
    for code in book.heads.get("themes", {}).get("common_items", []):
        if code not in book.known["items"]:
            book.report_head("themes", "common_items", f"没有“{code}”这个事项")
    for code, theme in book.sound["themes"].items():
        for key in ("core", "items"):
            for item in theme[key]:
                if item not in book.known["items"]:
                    book.report("themes", code, key, f"没有“{item}”这个事项")
        for item in theme["core"]:
            if item not in theme["items"]:
                book.report("themes", code, "core", f"“{item}”也要写在items里")


def check_seeds(book, catalogue):
    """Only on a catalogue that is otherwise in order: replay each theme's preset answers."""
    for code, theme in catalogue.themes.items():
        try:
            situation = replay(catalogue, theme.seed_answers)
        except InvalidAnswer as error:
            book.report("themes", code, f"seed_answers.{error.question}", error.message)
            continue
        for question in situation.dropped:
            book.report("themes", code, f"seed_answers.{question}", "按其他预选的答案，不会问这个问题")
        for item in theme.core:
            if item not in situation.items:
                book.report("themes", code, "core", f"按预选的答案，不一定要办“{item}”")
