from django.db import migrations

from licensing.models.application import new_draft_code


def keep_bytes_once(apps, schema_editor):
    """Every file gets the Blob of its bytes; what was taken before had passed the checks of its day."""
    blobs, stored_files = (apps.get_model("licensing", name) for name in ("Blob", "StoredFile"))
    for row in stored_files.objects.filter(blob=None).iterator():
        row.blob, _ = blobs.objects.get_or_create(
            sha256=row.sha256, defaults={"size": row.size, "file": row.file, "created_at": row.uploaded_at}
        )
        row.state, row.checked_at = "clean", row.uploaded_at
        row.save(update_fields=["blob", "state", "checked_at"])


def give_codes(apps, schema_editor):
    applications = apps.get_model("licensing", "Application")
    for pk in applications.objects.filter(draft_code=None).values_list("pk", flat=True).iterator():
        applications.objects.filter(pk=pk).update(draft_code=new_draft_code())


class Migration(migrations.Migration):
    dependencies = [("licensing", "0006_one_form")]
    operations = [
        migrations.RunPython(keep_bytes_once, migrations.RunPython.noop),
        migrations.RunPython(give_codes, migrations.RunPython.noop),
    ]
