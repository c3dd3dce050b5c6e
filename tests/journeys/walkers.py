"""Two ways to walk the portal: over plain HTTP, and in a real Chromium at phone width. Both speak of forms alike.

`fill(button, choose)` fills the form that has the button and presses it. `choose(control)` gets a Control and returns
None (leave it as it is), a text, a list of option values, or a Path to upload. A button is named by how it begins.
"""

import re
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urljoin, urlsplit

import mechanicalsoup

from tests.chromium import assert_sound, context_of


@dataclass
class Control:
    name: str
    kind: str  # text, radio, checkbox, select, file
    value: str = ""
    options: list = field(default_factory=list)
    chosen: list = field(default_factory=list)
    labels: dict = field(default_factory=dict)  # of a select: {text: value}


class HttpWalker:
    """A person without script: what it can do, the portal can do without JavaScript."""

    def __init__(self, address):
        self.address = address
        self.browser = mechanicalsoup.StatefulBrowser(raise_on_404=False)

    def visit(self, path):
        self._keep(self.browser.open(urljoin(self.address, path)))

    @property
    def path(self):
        return urlsplit(self.browser.url).path

    @property
    def text(self):
        return self.browser.page.get_text(" ", strip=True)

    def links(self, containing):
        return [link["href"] for link in self.browser.page.select("a[href]") if containing in link["href"]]

    def has_button(self, label):
        return self._form(label) is not None

    def fill(self, button, choose=lambda control: None):
        element = self._form(button)
        assert element is not None, f"no button {button} on {self.path}: {self.text[:1500]}"
        form = self.browser.select_form(element)
        with ExitStack() as opened:
            for control in _controls_of_soup(element):
                value = choose(control)
                if isinstance(value, Path):
                    # A camera's field has the same name, and its emptiness would be sent instead.
                    for camera in element.select(f'input[name="{control.name}"]')[1:]:
                        camera.decompose()
                    form.set(control.name, opened.enter_context(value.open("rb")))
                elif value is not None:
                    form.set(control.name, value[0] if control.kind in ("radio", "select") else value)
            form.choose_submit(_button_of(element, button))
            self._keep(self.browser.submit_selected())

    def press(self, action):
        """Send the form that leads to this address; several may have buttons of one name."""
        self.browser.select_form(f'main form[action="{action}"]')
        self._keep(self.browser.submit_selected())

    def _form(self, label):
        return next((form for form in self.browser.page.select("main form") if _button_of(form, label)), None)

    def _keep(self, response):
        assert response.status_code < 500, f"{response.status_code} at {response.url}: {self.text[:500]}"
        self.status = response.status_code


def _button_of(form, label):
    return next((one for one in form.select("button") if _spoken(one).startswith(label)), None)


def _spoken(button):
    """The button's text as it is read out: decoration is left away."""
    hidden = [text for mark in button.select("[aria-hidden=true]") for text in mark.strings]
    return "".join(text.strip() for text in button.strings if not any(text is one for one in hidden))


def _controls_of_soup(form):
    controls = {}
    for element in form.select("input[name], textarea[name], select[name]"):
        name, kind = element["name"], element.get("type", "text")
        if kind in ("hidden", "submit"):
            continue
        if element.name == "select":
            options = [option.get("value", "") for option in element.select("option")]
            chosen = [option["value"] for option in element.select("option[selected]") if option.get("value")]
            labels = {option.get_text(strip=True): option.get("value", "") for option in element.select("option")}
            controls[name] = Control(name, "select", "".join(chosen[:1]), options, chosen, labels)
        elif kind in ("radio", "checkbox"):
            control = controls.setdefault(name, Control(name, kind))
            control.options.append(element.get("value", "on"))
            if element.has_attr("checked"):
                control.chosen.append(element.get("value", "on"))
        else:
            value = element.get_text() if element.name == "textarea" else element.get("value", "")
            controls[name] = Control(name, "file" if kind == "file" else "text", value.strip())
    return list(controls.values())


class BrowserWalker:
    """A person with a phone: a Playwright page."""

    def __init__(self, address, page):
        self.address, self.page = address, page
        page.on("response", self._keep)
        self.broken = []

    def visit(self, path):
        self.page.goto(urljoin(self.address, path))

    @property
    def path(self):
        return urlsplit(self.page.url).path

    @property
    def text(self):
        return self.page.inner_text("body")

    def links(self, containing):
        found = self.page.eval_on_selector_all("a[href]", "links => links.map(link => link.getAttribute('href'))")
        return [href for href in found if containing in href]

    def has_button(self, label):
        return self._button(label).count() > 0

    def fill(self, button, choose=lambda control: None):
        press = self._button(button).first
        form = press.locator("xpath=ancestor::form[1]")
        for control in self._controls(form):
            value = choose(control)
            if value is not None:
                self._set(form, control, value)
        self._press(form, press)
        assert not self.broken, self.broken

    def _press(self, form, press):
        """Send the form; one that htmx sends stays on its page and is exchanged there."""
        if form.get_attribute("hx-post") is None:
            with self.page.expect_navigation():
                press.click()
        else:
            form.evaluate("form => { form.dataset.sent = '1' }")
            press.click()
            self.page.wait_for_selector("form[data-sent]", state="detached")

    def unfold(self, summary):
        self.page.locator("main summary", has_text=summary).first.click()

    def _button(self, label):
        return self.page.get_by_role("main").get_by_role("button", name=re.compile(f"^{re.escape(label)}"))

    def _set(self, form, control, value):
        named = form.locator(f'[name="{control.name}"]')
        if isinstance(value, Path):
            # A camera's field has the same name.
            named.first.set_input_files(value)
        elif control.kind == "radio":
            form.locator(f'[name="{control.name}"][value="{value[0]}"]').check()
        elif control.kind == "checkbox":
            # In the order of the page; a lone box has no value attribute to find it by.
            for place, option in enumerate(control.options):
                named.nth(place).set_checked(option in value)
        elif control.kind == "select":
            named.select_option(value[0])
        else:
            named.fill(value)

    def _controls(self, form):
        script = """form => [...form.elements].filter(e => e.name && e.type !== 'hidden' && e.tagName !== 'BUTTON'
          && e.tagName !== 'FIELDSET').map(e => ({name: e.name, value: e.value, checked: e.checked,
          kind: e.tagName === 'SELECT' ? 'select' : ['radio', 'checkbox', 'file'].includes(e.type) ? e.type : 'text',
          labels: e.options ? Object.fromEntries([...e.options].map(o => [o.text.trim(), o.value])) : {}}))"""
        controls = {}
        for found in form.evaluate(script):
            control = controls.setdefault(found["name"], Control(found["name"], found["kind"]))
            if found["kind"] in ("radio", "checkbox"):
                control.options.append(found["value"])
                control.chosen += [found["value"]] if found["checked"] else []
            elif found["kind"] == "select":
                control.labels, control.options = found["labels"], list(found["labels"].values())
                control.chosen = [found["value"]] if found["value"] else []
            else:
                control.value = found["value"]
        return list(controls.values())

    def _keep(self, response):
        if response.status >= 500:
            self.broken.append(f"{response.status} at {response.url}")


PHONE, DESK = 390, 1280
_SEEN = set()


class SeenWalker(BrowserWalker):
    """It looks at each kind of page once, before it goes on."""

    def fill(self, *args, **options):
        self.look()
        super().fill(*args, **options)

    def look(self, state=""):
        """state: what makes this page another kind than its address says."""
        shape = "/".join(part for part in self.path.split("/") if len(part) < 30)
        kind = (self.page.viewport_size["width"], shape, state)
        if kind not in _SEEN:
            _SEEN.add(kind)
            assert_sound(self.page, self.path)


def in_browser(stack, browser, width=PHONE, **options):
    """A SeenWalker with a browser context of its own: nobody else's cookies."""
    page = context_of(browser, width, **options).new_page()
    page.set_default_timeout(20_000)
    return SeenWalker(stack.address, page)
