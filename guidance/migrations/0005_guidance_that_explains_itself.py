from django.db import migrations, models

import guidance.models

_EVERY = 2000


def _give_codes_and_sources(apps, schema_editor):
    sessions = apps.get_model("guidance", "GuidanceSession")
    waiting = []
    for session in sessions.objects.only("pk", "seeded").iterator(_EVERY):
        session.code = guidance.models.new_code()
        session.sources = dict.fromkeys(session.seeded, "theme")
        waiting.append(session)
        if len(waiting) == _EVERY:
            sessions.objects.bulk_update(waiting, ["code", "sources"])
            waiting = []
    sessions.objects.bulk_update(waiting, ["code", "sources"])


class Migration(migrations.Migration):
    dependencies = [("guidance", "0004_what_operators_changed_stays")]
    operations = [
        migrations.AddField("release", "overlay", models.JSONField(default=dict)),
        migrations.AddField("release", "proof_sha256", models.CharField(blank=True, max_length=64, default="")),
        migrations.AlterField("release", "proof_sha256", models.CharField(blank=True, max_length=64)),
        migrations.AddField("guidancesession", "code", models.CharField("导办码", max_length=8, null=True)),
        migrations.AddField("guidancesession", "sources", models.JSONField(default=dict)),
        migrations.RunPython(_give_codes_and_sources, migrations.RunPython.noop),
        migrations.AlterField(
            "guidancesession",
            "code",
            models.CharField("导办码", default=guidance.models.new_code, editable=False, max_length=8, unique=True),
        ),
        migrations.RemoveField("guidancesession", "seeded"),
        migrations.CreateModel(
            "SearchMiss",
            [
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("text", models.CharField(max_length=40, unique=True, verbose_name="搜索词")),
                ("count", models.PositiveIntegerField(default=1, verbose_name="次数")),
                ("last_on", models.DateField(auto_now=True, verbose_name="最近一次")),
                ("settled", models.BooleanField(default=False, verbose_name="已处理")),
            ],
            options={
                "verbose_name": "没有搜到的词",
                "verbose_name_plural": "没有搜到的词",
                "ordering": ["settled", "-count", "-last_on"],
            },
        ),
    ]
