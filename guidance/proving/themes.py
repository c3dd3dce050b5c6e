"""Do the themes' preset answers lie on a path, and do they keep what the theme promises? Pure."""

from guidance.proving import wording
from guidance.proving.findings import Finding
from guidance.proving.paths import walked
from guidance.reasoning.diagrams import Under, path_to


def seeds_are_asked(subject):
    """Somebody who answers as the theme presets is asked every question that it answers for them."""
    for theme in subject.catalogue.themes.values():
        asked = [subject.diagrams.asked(code) for code in theme.seed_answers]
        if Under(subject.diagrams, theme.seed_answers).left(subject.diagrams.all(asked)) is not False:
            yield None
            continue
        path = walked(subject.catalogue, theme.seed_answers)
        yield _finding(
            theme,
            "seed_answers",
            f"没有一条路会问到预选的全部问题，{wording.names(set(theme.seed_answers) - set(path))}问不到",
            "改预选的答案，或者去掉问不到的问题",
            path,
        )


def core_follows(subject):
    """However the theme's open questions are answered, its core items are needed."""
    for theme in subject.catalogue.themes.values():
        under = Under(subject.diagrams, theme.seed_answers)
        for item in theme.core:
            left = under.left(subject.needed(item))
            if left is True:
                yield None
                continue
            further = path_to(subject.diagrams, left, False)
            yield _finding(
                theme,
                "core",
                f"有人从“{theme.name}”进来，却不用办核心事项“{subject.catalogue.items[item].name}”（{item}）",
                "补上让它一定要办的预选答案，或者从core里去掉它",
                walked(subject.catalogue, {**further, **theme.seed_answers}, to_the_end=True),
            )


def _finding(theme, key, message, mend, path):
    place = ("themes.yaml", f"themes[{theme.code}]", key)
    return Finding(*place, check="theme", message=message, mend=mend, path=path)
