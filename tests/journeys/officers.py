"""What officers do with the tasks of an application: sign in, accept, grant; each sees only the own office's tasks."""

from datetime import date
from uuid import UUID

from licensing.face_numbers import check_digit


def decide_all(stack, application, walkers, *, granting=lambda item: {}):
    """Accept and grant every task of the application, in whatever order the prerequisites let it, to its end.

    walkers: a function from an officer's user name to a signed-in walker. granting: what a face needs beyond the usual.
    """

    def step():
        for task, item, office, status in _open_tasks(stack, application):
            walker = walkers(_officer_of(stack, office))
            walker.visit(f"/admin/routing/approvaltask/{task}/?move={'grant' if status == 'accepted' else ''}")
            words = ACCEPTING if status == "received" else GRANTING
            if word := next((word for word in words if walker.has_button(word)), None):
                walker.fill(word, face(number_of(task, item), granting(item)))
                assert "要改" not in walker.text, walker.text[:1500]
        return not _open_tasks(stack, application)

    stack.until(step, what=f"the last decision on {application}")


ACCEPTING = ("受理", "收下材料")
GRANTING = ("准予许可", "备案完成", "办理完成")


def _open_tasks(stack, application):
    return stack.query(
        """SELECT task.public_id, task.item_code, task.office_id, task.status
        FROM routing_approvaltask task JOIN licensing_application application ON application.id = task.application_id
        WHERE application.public_id = %s AND task.status IN ('received', 'accepted', 'waiting')
        ORDER BY task.status, task.id""",
        application,
    )


def _officer_of(stack, office):
    return stack.query(
        """SELECT person.username FROM guidance_post post JOIN portal_user person ON person.id = post.user_id
        WHERE post.office_id = %s AND post.role = 'officer' ORDER BY person.id LIMIT 1""",
        office,
    )[0][0]


def number_of(task, item):
    if item != "food-operation":
        return f"阳证字第{str(task)[:8]}号"
    digits = f"2441702{UUID(str(task)).int % 10**6:06}"
    return f"JY{digits}{check_digit(digits)}"


def face(number, more):
    usual = {"number": number, "issued_on": date.today().isoformat()}

    def choose(control):
        if control.name == "long_term":
            return ["on"]
        if control.name == "valid_until":
            return ""
        return (usual | more).get(control.name) if control.kind == "text" else None

    return choose
