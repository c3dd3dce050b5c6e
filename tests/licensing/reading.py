"""Reading a page as a person without script sees it: its form's fields as they stand, its words."""

from bs4 import BeautifulSoup


class Page:
    def __init__(self, response):
        self.response, self.soup = response, BeautifulSoup(response.content, "html.parser")

    @property
    def path(self):
        return self.response.request["PATH_INFO"]

    @property
    def text(self):
        return self.soup.main.get_text(" ", strip=True)

    def part(self, selector):
        found = self.soup.select_one(selector)
        return found.get_text(" ", strip=True) if found else ""

    def fields(self, selector="main form"):
        """{name: text or list of texts} as a browser would post the form untouched."""
        values = {}
        for control in self.soup.select_one(selector).select("input[name], textarea[name], select[name]"):
            name, kind = control["name"], control.get("type")
            if kind in ("radio", "checkbox"):
                if control.has_attr("checked"):
                    values.setdefault(name, []).append(control.get("value", "on"))
            elif control.name == "select":
                chosen = control.select_one("option[selected]")
                values[name] = chosen["value"] if chosen else ""
            else:
                values[name] = control.get_text().strip() if control.name == "textarea" else control.get("value", "")
        return values


class Person:
    """A signed-in person's browser."""

    def __init__(self, client, user):
        self.client = client
        client.force_login(user)

    def open(self, address):
        return Page(self.client.get(str(address), follow=True))

    def send(self, page, **changes):
        """Post the page's form as it stands with these changes; return the page it leads to."""
        fields = page.fields() | changes
        data = {name: value for name, value in fields.items() if value is not None}
        return Page(self.client.post(page.path, data, follow=True))
