import django.db.models.deletion
import uuid
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("certificates", "0003_licences_stay"),
        ("guidance", "0003_second_review"),
        ("licensing", "0004_promises_and_deferrals"),
        ("routing", "0004_the_law_inside"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="EndingProposal",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("public_id", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ("ground", models.CharField(max_length=40)),
                ("reason", models.TextField(verbose_name="事实和理由")),
                ("heard", models.TextField(verbose_name="陈述和申辩")),
                ("proposed_at", models.DateTimeField(auto_now_add=True)),
                ("settled_at", models.DateTimeField(null=True)),
                ("approved", models.BooleanField(null=True)),
                ("remark", models.TextField(blank=True)),
                (
                    "after_check",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="proposals",
                        to="routing.aftercheck",
                    ),
                ),
                (
                    "licence",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="proposals",
                        to="certificates.licence",
                    ),
                ),
                (
                    "proposed_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "settled_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "ordering": ["pk"],
            },
        ),
        migrations.CreateModel(
            name="Ending",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("public_id", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                (
                    "kind",
                    models.CharField(
                        choices=[("annul", "撤销"), ("withdraw", "撤回"), ("cancel", "注销")], max_length=10
                    ),
                ),
                ("ground", models.CharField(max_length=40)),
                ("number", models.CharField(max_length=100, unique=True, verbose_name="文号")),
                ("title", models.CharField(max_length=60)),
                ("addressee", models.CharField(max_length=100)),
                ("paragraphs", models.JSONField()),
                ("decided_at", models.DateTimeField()),
                (
                    "decided_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "holder",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="endings", to="licensing.enterprise"
                    ),
                ),
                (
                    "licence",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="endings",
                        to="certificates.licence",
                    ),
                ),
                (
                    "office",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="endings", to="guidance.office"
                    ),
                ),
                (
                    "task",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="endings",
                        to="routing.approvaltask",
                    ),
                ),
                (
                    "proposal",
                    models.OneToOneField(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="ending",
                        to="certificates.endingproposal",
                    ),
                ),
            ],
            options={
                "ordering": ["decided_at", "pk"],
            },
        ),
        migrations.AddConstraint(
            model_name="endingproposal",
            constraint=models.UniqueConstraint(
                condition=models.Q(("settled_at", None)), fields=("licence",), name="one_open_ending_per_licence"
            ),
        ),
        migrations.AddConstraint(
            model_name="endingproposal",
            constraint=models.UniqueConstraint(
                condition=models.Q(("settled_at", None)), fields=("after_check",), name="one_open_ending_per_check"
            ),
        ),
        migrations.AddConstraint(
            model_name="endingproposal",
            constraint=models.CheckConstraint(
                condition=models.Q(("licence__isnull", False), ("after_check__isnull", False), _connector="OR"),
                name="an_ending_is_of_something",
            ),
        ),
        migrations.AddConstraint(
            model_name="endingproposal",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("settled_by", None),
                    models.Q(("approved", True), _negated=True),
                    models.Q(("settled_by", models.F("proposed_by")), _negated=True),
                    _connector="OR",
                ),
                name="an_annulment_takes_two_people",
            ),
        ),
        migrations.AddConstraint(
            model_name="endingproposal",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("approved", None), ("settled_at", None), ("settled_by", None)),
                    models.Q(("approved__isnull", False), ("settled_at__isnull", False), ("settled_by__isnull", False)),
                    _connector="OR",
                ),
                name="a_settled_ending_has_its_outcome",
            ),
        ),
        migrations.AddConstraint(
            model_name="endingproposal",
            constraint=models.CheckConstraint(
                condition=models.Q(models.Q(("reason", ""), _negated=True), models.Q(("heard", ""), _negated=True)),
                name="an_ending_has_a_reason",
            ),
        ),
        migrations.AddConstraint(
            model_name="ending",
            constraint=models.UniqueConstraint(fields=("licence", "kind"), name="a_licence_ends_once_each_way"),
        ),
        migrations.AddConstraint(
            model_name="ending",
            constraint=models.UniqueConstraint(fields=("task",), name="a_grant_without_a_licence_ends_once"),
        ),
        migrations.AddConstraint(
            model_name="ending",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("licence", None), ("task__isnull", False)),
                    models.Q(("licence__isnull", False), ("task", None)),
                    _connector="OR",
                ),
                name="an_ending_is_of_a_licence_or_of_a_grant_without_one",
            ),
        ),
        migrations.AddConstraint(
            model_name="ending",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("kind", "annul"), _negated=True), ("proposal__isnull", False), _connector="OR"
                ),
                name="an_annulment_was_proposed",
            ),
        ),
    ]
