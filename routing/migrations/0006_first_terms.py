from django.db import migrations

from routing import terms


# From the code as it is today: a term that comes later is written by a migration of its own, or here on a new database.
def write(apps, schema_editor):
    rows = apps.get_model("routing", "Term").objects
    for code, (name, unit, value) in terms.FIRST.items():
        basis = terms.BY_LAW.get(code, terms.EXAMPLE)
        rows.get_or_create(code=code, defaults={"name": name, "unit": unit, "value": value, "basis": basis})


class Migration(migrations.Migration):
    dependencies = [("routing", "0005_what_stays")]
    operations = [migrations.RunPython(write, migrations.RunPython.noop)]
