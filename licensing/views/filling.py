"""The one form: a formtools wizard whose pages are computed from the plan and whose memory is the draft itself."""

from django.contrib import messages
from django.db import transaction
from django.shortcuts import redirect
from django.urls import reverse
from formtools.wizard.views import NamedUrlWizardView

from licensing.addresses import named_elsewhere
from licensing.checking import form_problems
from licensing.drafts import fill
from licensing.finding import find_application
from licensing.forms.keyboard import ready_to_type
from licensing.forms.step import StepForm
from licensing.models import Status
from licensing.plan import plan_for
from licensing.prefilling import answered, held_licences, suggested_values
from licensing.views.access import agreed_draft, unsettled_page
from licensing.wizard_storage import DraftStorage
from licensing.wording import shown, value_text

EMPTY = (None, [])


@agreed_draft
def resume(request, draft, plan):
    """Go on where the applicant stopped: the page last open, else the first unfinished one, else papers and signing."""
    unfinished = [step.slug for step in _pages(draft, plan) if _is_unfinished(draft, plan, step)]
    if not unfinished:
        return redirect("licensing:papers", draft.public_id)
    last = draft.wizard.get("step")
    return redirect("licensing:form", draft.public_id, last if last in unfinished else unfinished[0])


class Filling(NamedUrlWizardView):
    form_list = [StepForm]
    storage_name = "licensing.wizard_storage.DraftStorage"
    template_name = "licensing/form.html"

    def dispatch(self, request, *args, public_id, **options):
        # One transaction from reading the draft to saving it: a second tab waits, then sees the new revision.
        with transaction.atomic():
            self.draft = request.draft = find_application(request.user, public_id, lock=request.method == "POST")
            if self.draft.status != Status.DRAFT:
                return redirect("licensing:detail", public_id)
            self.plan = plan_for(self.draft)
            earlier = unsettled_page(self.draft, self.plan)
            if earlier and request.method == "POST":
                self._keep_for_later(request, options["step"])
            if earlier or not self.plan.form_steps:
                return earlier or redirect("licensing:papers", public_id)
            self.form_list = dict.fromkeys([step.slug for step in self.plan.form_steps], StepForm)
            return super().dispatch(request, *args, **options)

    def get_prefix(self, request, *args, **kwargs):
        return "wizard"

    def get_form_prefix(self, step=None, form=None):
        return None

    def get_step_url(self, step):
        return reverse("licensing:form", args=[self.draft.public_id, step])

    def get_form_kwargs(self, step=None):
        return {
            "plan": self.plan,
            "step": self._step(step),
            "suggested": self._suggested(step),
            "quiet": self.request.method != "POST" and self.storage.is_unchecked(step),
        }

    def post(self, request, *args, step, **kwargs):
        if step not in self.form_list or request.POST.get("wizard-current_step", step) != step:
            messages.info(request, "这一页现在不用填了，请从这里接着填。")
            return redirect("licensing:resume", self.draft.public_id)
        self.storage.current_step = step
        if self._is_behind(step):
            return self._tell_of_the_other_tab(step)
        if request.POST.get("add"):
            response = self._add_rows(step)
        elif "dispute" in request.POST:
            response = self._dispute(step)
        elif "table" in request.POST:
            response = self._open_table(step)
        elif "later" in request.POST:
            self.storage.keep_typed(step, request.POST, checked=False)
            messages.success(request, "已经保存。什么时候方便，再接着填。")
            response = redirect("licensing:detail", self.draft.public_id)
        else:
            response = super().post(request, *args, step=step, **kwargs)
        self.storage.save()
        return response

    def process_step(self, form):
        self.plan = fill(self.draft, self.plan, form.cleaned_data)
        self._tell_of_another_district(form.cleaned_data.get("registered_address") or "")

    def _tell_of_another_district(self, address):
        """A seat elsewhere may be right, but it moves no competence: the premises alone say whose offices decide."""
        division = self.draft.premises.division
        other = named_elsewhere(address, division.name)
        if other and not (division.parent and other == division.parent.name):
            messages.warning(
                self.request,
                f"住所写的是{other}，经营场所在{division.name}。两处都对就不用改；由{division.name}的部门办理，按经营场所定。",
            )

    def process_step_files(self, form):
        # Papers have a page of their own; a file sent here belongs to no field.
        return {}

    def render(self, form=None, **kwargs):
        if self.request.method == "POST" and "others" not in kwargs:
            self.storage.keep_typed(self.steps.current, self.request.POST, checked=True)
        return super().render(form, **kwargs)

    def get_next_step(self, step=None):
        """The next page that has something to ask; one that only shows answers is opened from the review."""
        return next(self._pages_from(step, 1), None)

    def get_prev_step(self, step=None):
        return next(self._pages_from(step, -1), None)

    def _pages_from(self, step, direction):
        order, pages = list(self.form_list)[::direction], {page.slug for page in _pages(self.draft, self.plan)}
        after = order.index(step or self.steps.current) + 1
        return (slug for slug in order[after:] if slug in pages)

    def render_next_step(self, form, **kwargs):
        self.storage.current_step = self.get_next_step()
        if self.storage.current_step is None:
            return self.render_done(form, **kwargs)
        return self._elsewhere() or redirect(self.get_step_url(self.storage.current_step))

    def render_done(self, form, **kwargs):
        # formtools would judge again only what was typed; checking.py judges the values, wherever they came from.
        # Where no item may be filed by promise, that page leads on to the papers.
        return self._elsewhere() or redirect("licensing:promises", self.draft.public_id)

    def _elsewhere(self):
        """A redirect to the plan that a saved page has changed, or back to the review it was opened from, or None."""
        if not self.plan.is_agreed(self.draft):
            return redirect("licensing:plan", self.draft.public_id)
        if self.request.POST.get("then") == "review":
            return redirect("licensing:review", self.draft.public_id)
        return None

    def get_context_data(self, form, **kwargs):
        step = self._step(self.steps.current)
        ready_to_type(form.open_fields, self.request.user)
        to_ask = _pages(self.draft, self.plan)
        pages = [page for page in self.plan.form_steps if page is step or page in to_ask]
        return super().get_context_data(
            form,
            draft=self.draft,
            plan=self.plan,
            page=step,
            pages=pages,
            position=pages.index(step) + 1,
            previous=self.steps.prev,
            then=self.request.POST.get("then") or self.request.GET.get("then", ""),
            known=[shown(self.plan, wanted) for wanted in step.wanted if not self.plan.is_asked(wanted)],
            settled=[_settled(bound, form) for bound in form.settled],
            uses=[(wanted.element.label, self.plan.names(wanted.items)) for wanted in self.plan.asked(step)],
            **kwargs,
        )

    def _suggested(self, step):
        elements, licences = self.plan.catalogue.elements, held_licences(self.draft)
        answers = {
            wanted.code: answered(self.draft, question, self.plan.values[wanted.code])
            for wanted in self.plan.asked(self._step(step))
            if (question := self.plan.question_of(wanted.code)) and wanted.code in self.plan.values
        }
        return suggested_values(self.draft, elements, licences, self.request.user) | answers

    def _step(self, slug):
        return next(step for step in self.plan.form_steps if step.slug == slug)

    def _add_rows(self, step):
        """Room for more rows in a table: keep everything as typed, and come back to the first new row."""
        code, _colon, more = self.request.POST["add"].partition(":")
        posted, count = self.request.POST.copy(), f"{code}-rows"
        element = self.plan.catalogue.elements.get(code)
        if element is None or element.type != "rows" or not posted.get(count, "").isdecimal():
            return redirect(self.get_step_url(step))
        first = int(posted[count][:4])
        posted[count] = str(first + (10 if more == "10" else 1))
        self.storage.keep_typed(step, posted, checked=False)
        then = "?then=review" if posted.get("then") == "review" else ""
        return redirect(f"{self.get_step_url(step)}{then}#id_{code}-{first}-{element.columns[0].code}")

    def _dispute(self, step):
        """On to the page for a known value that is wrong; what was typed here waits."""
        code = self.request.POST["dispute"]
        if not self.plan.is_disputable(code):
            return redirect(self.get_step_url(step))
        self._keep_unsaved(step)
        then = "review" if self.request.POST.get("then") == "review" else step
        return redirect(f"{reverse('licensing:dispute', args=[self.draft.public_id, code])}?then={then}")

    def _open_table(self, step):
        """On to a table's own page, which begins with the rows typed here; what else was typed here waits."""
        code = self.request.POST["table"]
        if not any(
            wanted.code == code and wanted.element.type == "rows" for wanted in self.plan.asked(self._step(step))
        ):
            return redirect(self.get_step_url(step))
        form = self._keep_unsaved(step)
        if form.cleaned_data.get(code):
            self.plan = fill(self.draft, self.plan, {code: form.cleaned_data[code]})
        return redirect("licensing:table", self.draft.public_id, step, code)

    def _keep_unsaved(self, step):
        """Return the page's form as posted, after keeping what differs from the draft."""
        form = self.get_form(step, data=self.request.POST)
        if not form.is_valid() or _differences(self.plan, form):
            self.storage.keep_typed(step, self.request.POST, checked=False)
        return form

    def _is_behind(self, step):
        revision = self.request.POST.get("revision", "")
        seen = int(revision) if revision.isdecimal() and len(revision) < 10 else 0
        if self.storage.saved_after(step, seen):
            return True
        if seen != self.draft.revision:
            messages.info(self.request, "这份申请刚才在别的窗口也保存过，那边的内容和您这一页的都保留着。")
        return False

    def _tell_of_the_other_tab(self, step):
        """Show both versions and overwrite neither; the same version sent twice (a double click) simply goes on."""
        form = self.get_form(step, data=self.request.POST)
        others = _differences(self.plan, form) if form.is_valid() else None
        if others == []:
            return self.render_done(form) if step == self.steps.last else self.render_next_step(form)
        return self.render(form, others=others or [], behind=True)

    def _keep_for_later(self, request, step):
        """The plan changed meanwhile: what was typed waits on its page until the applicant has seen the change."""
        form_step = next((one for one in self.plan.form_steps if one.slug == step), None)
        if form_step:
            form = StepForm(request.POST, plan=self.plan, step=form_step, suggested={})
            if not any(code in request.POST for code in form.errors) and not _differences(self.plan, form):
                return  # The second click of a save that changed the plan, and with it this page.
        storage = DraftStorage("wizard", request)
        storage.keep_typed(step, request.POST, checked=False)
        storage.save()
        messages.warning(request, "方案刚刚在别的窗口变了。您这一页填的内容已经保存，请先确认方案。")


def _settled(bound, form):
    """What the applicant said before, in words, with the field to change it."""
    told = form.told[bound.name]
    text = value_text(form.plan.catalogue.elements[bound.name], told.value, hide=True)
    return {"field": bound, "text": text, "source": told.told}


def _pages(draft, plan):
    """The steps to go through: those with more to ask than what the answers have told already."""
    return [
        step for step in plan.form_steps if any(map(plan.is_typed, step.wanted)) or form_problems(draft, plan, step)
    ]


def _is_unfinished(draft, plan, step):
    return step.slug not in draft.wizard.get("saved_at", {}) or bool(form_problems(draft, plan, step))


def _differences(plan, form):
    """[(label, text)] of the saved values that this form would change."""
    changed = []
    for code, value in form.cleaned_data.items():
        saved = plan.values.get(code)
        if value != saved and not (value in EMPTY and saved in EMPTY):
            element = plan.catalogue.elements[code]
            changed.append((element.label, value_text(element, saved) or "没有填"))
    return changed
