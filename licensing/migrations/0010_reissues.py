from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("guidance", "0004_what_operators_changed_stays"),
        ("licensing", "0009_what_sources_were_asked"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            model_name="application",
            name="prior",
            field=models.JSONField(null=True),
        ),
        migrations.AddField(
            model_name="application",
            name="purpose",
            field=models.CharField(
                choices=[("new", "新办"), ("renew", "延续"), ("change", "变更")],
                default="new",
                max_length=10,
                verbose_name="办理类型",
            ),
        ),
        migrations.AlterField(
            model_name="enterpriseevent",
            name="kind",
            field=models.CharField(
                choices=[
                    ("added", "添加"),
                    ("sent_again", "重新提交"),
                    ("confirmed", "确认"),
                    ("merged", "确认并归入已有的经营主体"),
                    ("rejected", "不予确认"),
                    ("invited", "邀请经办人"),
                    ("called_back", "收回邀请"),
                    ("joined", "经办人接受邀请"),
                    ("changed", "更改经办人授权"),
                    ("revoked", "取消经办人授权"),
                    ("recoded", "换发企业码"),
                    ("registered", "随存量证照录入"),
                ],
                max_length=12,
            ),
        ),
        migrations.AddIndex(
            model_name="enterprise",
            index=models.Index(
                condition=models.Q(("verified_at__isnull", False)), fields=["name"], name="enterprises_by_name"
            ),
        ),
        migrations.AddConstraint(
            model_name="application",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("prior", None), ("purpose", "new")),
                    models.Q(
                        ("purpose__in", ["renew", "change"]),
                        ("enterprise__isnull", False),
                        ("mode", "traditional"),
                        ("prior__isnull", False),
                    ),
                    _connector="OR",
                ),
                name="a_renewal_or_change_names_its_licence",
            ),
        ),
    ]
