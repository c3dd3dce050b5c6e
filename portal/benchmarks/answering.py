"""Answers that carry a questionnaire to its end, made from the catalogue itself."""

from guidance.engine import replay


def everything(question):
    """Yes to all: every option, the first of several ways, the largest number."""
    if question.type == "boolean":
        return True
    if question.type == "number":
        return question.validation.get("max", 1000)
    return list(question.values) if question.type == "multi" else question.values[0]


def anything(random):
    """Some answer; another one each time."""

    def choose(question):
        if question.type == "boolean":
            return random.random() < 0.5
        if question.type == "number":
            return random.randint(question.validation.get("min", 0), min(question.validation.get("max", 1000), 1000))
        if question.type == "multi":
            return [value for value in question.values if random.random() < 0.3]
        return random.choice(question.values)

    return choose


def complete(catalogue, answers, choose):
    """Answer what is still asked; return the answers that count in the end."""
    answers = dict(answers)
    situation = replay(catalogue, answers)
    while situation.next:
        answers[situation.next] = choose(catalogue.questions[situation.next])
        situation = replay(catalogue, answers)
    return situation.answers
