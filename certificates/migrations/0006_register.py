import django.db.models.deletion
import uuid
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("certificates", "0005_endings_stay"),
        ("guidance", "0004_what_operators_changed_stays"),
        ("licensing", "0010_reissues"),
        ("routing", "0006_first_terms"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="OfficialLookup",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("reason", models.CharField(max_length=200, verbose_name="用证事由")),
                ("case_number", models.CharField(blank=True, max_length=60, verbose_name="办件编号")),
                ("at", models.DateTimeField(auto_now_add=True)),
            ],
            options={
                "ordering": ["-at", "-pk"],
            },
        ),
        migrations.CreateModel(
            name="Reissue",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("created_at", models.DateTimeField(auto_now_add=True)),
            ],
        ),
        migrations.CreateModel(
            name="SigningKey",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("key_id", models.CharField(max_length=64, unique=True)),
                ("algorithm", models.CharField(max_length=30)),
                ("certificate", models.TextField()),
                ("development", models.BooleanField()),
                ("not_before", models.DateTimeField()),
                ("not_after", models.DateTimeField()),
                ("registered_at", models.DateTimeField(auto_now_add=True)),
                ("retired_at", models.DateTimeField(null=True)),
                ("compromised_at", models.DateTimeField(null=True)),
            ],
            options={
                "ordering": ["registered_at", "pk"],
            },
        ),
        migrations.CreateModel(
            name="CertificateType",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("item_code", models.CharField(max_length=60, unique=True, verbose_name="事项代码")),
                ("name", models.CharField(max_length=100, verbose_name="证照名称")),
                ("code", models.CharField(max_length=21, unique=True, verbose_name="证照类型代码")),
                ("provisional", models.BooleanField(default=True, verbose_name="暂用代码")),
            ],
            options={
                "verbose_name": "证照类型代码",
                "verbose_name_plural": "证照类型代码",
                "ordering": ["item_code"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("code__regex", "^[0-9A-Z]{21}$")), name="a_type_code_has_21_characters"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="DepartmentClient",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("public_id", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ("name", models.CharField(max_length=80, verbose_name="系统名称")),
                ("token_sha256", models.CharField(max_length=64, unique=True)),
                ("created_at", models.DateTimeField(auto_now_add=True)),
                ("revoked_at", models.DateTimeField(null=True)),
                (
                    "created_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "department",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="clients",
                        to="guidance.department",
                        verbose_name="部门",
                    ),
                ),
                (
                    "revoked_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "verbose_name": "部门系统",
                "verbose_name_plural": "部门系统",
                "ordering": ["department__code", "name"],
            },
        ),
        migrations.CreateModel(
            name="ExpiryReminder",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("days", models.PositiveSmallIntegerField()),
                ("told_at", models.DateTimeField(auto_now_add=True)),
                (
                    "licence",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="reminders", to="certificates.licence"
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="LicenceFile",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("wanted_at", models.DateTimeField(auto_now_add=True)),
                ("attempts", models.PositiveSmallIntegerField(default=0)),
                ("problem", models.CharField(blank=True, max_length=200)),
                ("made_at", models.DateTimeField(null=True)),
                ("data", models.TextField(blank=True)),
                ("algorithm", models.CharField(blank=True, max_length=30)),
                ("signature", models.TextField(blank=True)),
                ("content", models.FileField(blank=True, upload_to="licences/%Y/%m/")),
                ("size", models.PositiveIntegerField(default=0)),
                ("sha256", models.CharField(blank=True, max_length=64)),
                ("replaced_at", models.DateTimeField(null=True)),
                (
                    "licence",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="files", to="certificates.licence"
                    ),
                ),
            ],
            options={
                "ordering": ["pk"],
            },
        ),
        migrations.CreateModel(
            name="LicenceImport",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("public_id", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ("item_code", models.CharField(max_length=60)),
                ("name", models.CharField(max_length=100)),
                ("uploaded_at", models.DateTimeField(auto_now_add=True)),
                ("file_name", models.CharField(max_length=100)),
                ("file", models.FileField(upload_to="imports/%Y/%m/")),
                ("size", models.PositiveIntegerField()),
                ("sha256", models.CharField(max_length=64)),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("reading", "正在读取和检查"),
                            ("checked", "已检查，等待导入"),
                            ("importing", "正在导入"),
                            ("done", "已导入"),
                            ("refused", "不能导入"),
                            ("cancelled", "已放弃"),
                        ],
                        default="reading",
                        max_length=10,
                    ),
                ),
                ("problem", models.CharField(blank=True, max_length=300)),
                ("columns", models.JSONField(default=dict)),
                ("rows_read", models.PositiveIntegerField(default=0)),
                ("rows_new", models.PositiveIntegerField(default=0)),
                ("rows_same", models.PositiveIntegerField(default=0)),
                ("rows_bad", models.PositiveIntegerField(default=0)),
                ("rows_imported", models.PositiveIntegerField(default=0)),
                ("attempts", models.PositiveSmallIntegerField(default=0)),
                ("finished_at", models.DateTimeField(null=True)),
                (
                    "decided_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "office",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="imports", to="guidance.office"
                    ),
                ),
                (
                    "uploaded_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
            ],
            options={
                "ordering": ["-uploaded_at", "-pk"],
            },
        ),
        migrations.CreateModel(
            name="ImportRow",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("number", models.PositiveIntegerField()),
                ("cells", models.JSONField()),
                ("values", models.JSONField(default=dict)),
                ("problems", models.JSONField(default=dict)),
                (
                    "outcome",
                    models.CharField(
                        choices=[
                            ("new", "可以导入"),
                            ("same", "已经登记，内容相同"),
                            ("bad", "有错误"),
                            ("done", "已导入"),
                        ],
                        max_length=4,
                    ),
                ),
                (
                    "batch",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="rows",
                        to="certificates.licenceimport",
                    ),
                ),
            ],
            options={
                "ordering": ["batch", "number"],
            },
        ),
        migrations.AddField(
            model_name="licence",
            name="imported_in",
            field=models.ForeignKey(
                blank=True,
                editable=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="licences",
                to="certificates.licenceimport",
            ),
        ),
        migrations.AddIndex(
            model_name="licence",
            index=models.Index(
                condition=models.Q(("status", "valid"), ("valid_until__isnull", False)),
                fields=["valid_until"],
                name="licences_that_end",
            ),
        ),
        migrations.AddConstraint(
            model_name="licence",
            constraint=models.CheckConstraint(
                condition=models.Q(("previous", None), ("version__gte", 2), _connector="OR"),
                name="a_later_version_points_back",
            ),
        ),
        migrations.AddField(
            model_name="officiallookup",
            name="client",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="lookups",
                to="certificates.departmentclient",
            ),
        ),
        migrations.AddField(
            model_name="officiallookup",
            name="enterprise",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="official_lookups", to="licensing.enterprise"
            ),
        ),
        migrations.AddField(
            model_name="officiallookup",
            name="licence",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="official_lookups",
                to="certificates.licence",
            ),
        ),
        migrations.AddField(
            model_name="officiallookup",
            name="office",
            field=models.ForeignKey(
                null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="guidance.office"
            ),
        ),
        migrations.AddField(
            model_name="officiallookup",
            name="user",
            field=models.ForeignKey(
                null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
            ),
        ),
        migrations.AddField(
            model_name="reissue",
            name="application",
            field=models.OneToOneField(
                on_delete=django.db.models.deletion.CASCADE, related_name="reissue", to="licensing.application"
            ),
        ),
        migrations.AddField(
            model_name="reissue",
            name="licence",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="reissues", to="certificates.licence"
            ),
        ),
        migrations.AddConstraint(
            model_name="signingkey",
            constraint=models.CheckConstraint(
                condition=models.Q(("not_after__gt", models.F("not_before"))), name="a_key_begins_before_it_ends"
            ),
        ),
        migrations.AddField(
            model_name="licencefile",
            name="key",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="files",
                to="certificates.signingkey",
            ),
        ),
        migrations.AddConstraint(
            model_name="departmentclient",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("revoked_at", None), ("revoked_by", None)),
                    models.Q(("revoked_at__isnull", False), ("revoked_by__isnull", False)),
                    _connector="OR",
                ),
                name="a_revoked_client_names_who_did_it",
            ),
        ),
        migrations.AddConstraint(
            model_name="expiryreminder",
            constraint=models.UniqueConstraint(fields=("licence", "days"), name="one_reminder_per_licence_and_stage"),
        ),
        migrations.AddIndex(
            model_name="licenceimport",
            index=models.Index(
                condition=models.Q(("state__in", ["reading", "importing"])),
                fields=["uploaded_at"],
                name="imports_at_work",
            ),
        ),
        migrations.AddConstraint(
            model_name="licenceimport",
            constraint=models.CheckConstraint(
                condition=models.Q(("state__in", ["reading", "checked", "importing", "done", "refused", "cancelled"])),
                name="an_import_has_a_known_state",
            ),
        ),
        migrations.AddConstraint(
            model_name="licenceimport",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("state", "refused"), _negated=True),
                    models.Q(("problem", ""), _negated=True),
                    _connector="OR",
                ),
                name="a_refused_import_says_why",
            ),
        ),
        migrations.AddIndex(
            model_name="importrow",
            index=models.Index(fields=["batch", "outcome", "number"], name="import_rows_by_outcome"),
        ),
        migrations.AddConstraint(
            model_name="importrow",
            constraint=models.UniqueConstraint(fields=("batch", "number"), name="one_row_per_import_and_number"),
        ),
        migrations.AddConstraint(
            model_name="importrow",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("outcome", "bad"), _negated=True),
                    models.Q(("problems", {}), _negated=True),
                    _connector="OR",
                ),
                name="a_bad_row_says_why",
            ),
        ),
        migrations.AddIndex(
            model_name="officiallookup",
            index=models.Index(fields=["enterprise", "-at"], name="lookups_of_enterprise"),
        ),
        migrations.AddConstraint(
            model_name="officiallookup",
            constraint=models.CheckConstraint(
                condition=models.Q(("reason", ""), _negated=True), name="an_official_lookup_has_its_reason"
            ),
        ),
        migrations.AddConstraint(
            model_name="officiallookup",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("client", None), ("user__isnull", False)),
                    models.Q(("client__isnull", False), ("user", None)),
                    _connector="OR",
                ),
                name="an_official_lookup_is_by_a_person_or_a_system",
            ),
        ),
        migrations.AddIndex(
            model_name="licencefile",
            index=models.Index(
                condition=models.Q(("made_at", None), ("replaced_at", None)),
                fields=["wanted_at"],
                name="licence_files_to_make",
            ),
        ),
        migrations.AddConstraint(
            model_name="licencefile",
            constraint=models.UniqueConstraint(
                condition=models.Q(("replaced_at", None)), fields=("licence",), name="one_current_file_per_licence"
            ),
        ),
        migrations.AddConstraint(
            model_name="licencefile",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("made_at", None),
                    models.Q(
                        ("key__isnull", False),
                        ("size__gt", 0),
                        models.Q(("data", ""), _negated=True),
                        models.Q(("algorithm", ""), _negated=True),
                        models.Q(("signature", ""), _negated=True),
                        models.Q(("content", ""), _negated=True),
                        models.Q(("sha256", ""), _negated=True),
                    ),
                    _connector="OR",
                ),
                name="a_made_file_is_sealed",
            ),
        ),
    ]
