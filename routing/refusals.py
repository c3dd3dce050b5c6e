"""What a person is told when a move is not made."""


class NotAllowed(Exception):
    """The message is a sentence for the person who tried; nothing was changed."""


class AlreadyDecided(NotAllowed):
    """A colleague, the applicant or a refused prerequisite was faster."""


class InvalidInput(NotAllowed):
    """errors: {field of the form: [sentences]}."""

    def __init__(self, errors):
        super().__init__("".join(sentence for sentences in errors.values() for sentence in sentences))
        self.errors = errors


def cleaned(form):
    """Return the form, or raise InvalidInput with what is wrong."""
    if not form.is_valid():
        raise InvalidInput({name: list(errors) for name, errors in form.errors.items()})
    return form
