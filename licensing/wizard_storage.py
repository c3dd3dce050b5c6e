from formtools.wizard.storage.base import BaseStorage

from licensing.forms.rows import kept_name

# What a form carries beside its own fields.
_NOT_TYPED = {"csrfmiddlewaretoken", "revision", "then", "add", "dispute", "table", "later", "wizard-current_step"}


class DraftStorage(BaseStorage):
    """The wizard's memory in the draft's own row: the browser may be closed, another device may go on.

    `step_data` holds only what was typed and could not become values yet; a page that was saved has none, its fields
    show the draft's values. `unchecked` names the pages that were left without being judged. `saved_at` is the
    revision of each page's last save, by which a second tab finds out that it is behind.
    """

    def __init__(self, prefix, request=None, file_storage=None):
        super().__init__(prefix, request, file_storage)
        self.draft = request.draft
        self.init_data()
        self.data |= {"unchecked": [], "saved_at": {}} | self.draft.wizard

    def set_step_data(self, step, cleaned_data):
        """formtools calls this for a valid page, whose values the draft has by now: nothing typed is left over."""
        self.data[self.step_data_key].pop(step, None)
        self._mark(step, unchecked=False)

    def keep_typed(self, step, posted, *, checked):
        """Keep what was posted though it is not valid, or not judged yet."""
        self.data[self.step_data_key][step] = {
            # PostgreSQL's JSON has no NUL; no form shows one either.
            name: [text.replace("\0", "") for text in texts]
            for name, texts in posted.lists()
            if name not in _NOT_TYPED and "\0" not in name
        }
        self._mark(step, unchecked=not checked)

    def keep_table(self, step, code):
        """A table of this page was saved on its own: what its page still keeps of it would undo that."""
        typed = self.data[self.step_data_key].get(step)
        if typed is not None:
            others = {name: texts for name, texts in typed.items() if not name.startswith(f"{code}-")}
            self.data[self.step_data_key][step] = others | {kept_name(code): ["1"]}
        self._mark(step, unchecked=self.is_unchecked(step))

    def is_unchecked(self, step):
        return step in self.data["unchecked"]

    def saved_after(self, step, revision):
        """Was this page saved since a form of that revision was shown?"""
        return self.data["saved_at"].get(step, 0) > revision

    def save(self):
        """Write the memory together with the values and answers that the page put into the draft."""
        self.draft.wizard = self.data
        self.draft.revision += 1
        self.draft.save(update_fields=["wizard", "values", "answers", "revision", "updated_at"])

    def _mark(self, step, *, unchecked):
        self.data["saved_at"][step] = self.draft.revision + 1
        others = [one for one in self.data["unchecked"] if one != step]
        self.data["unchecked"] = [*others, step] if unchecked else others
