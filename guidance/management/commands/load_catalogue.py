from pathlib import Path

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from guidance import loading
from guidance.management import tables

FOLDER = Path(settings.BASE_DIR) / "guidance" / "catalogue"


class Command(BaseCommand):
    help = (
        "检查目录文件夹里的items.yaml、fields.yaml、questions.yaml、themes.yaml，并作为新的一版发布。"
        "内容与当前一版相同就什么也不做；有任何错误就全部列出（文件、条目、键），退出码1，什么也不发布。"
    )

    def add_arguments(self, parser):
        parser.add_argument("folder", nargs="?", default=FOLDER, help="目录文件夹（默认：guidance/catalogue）")

    def handle(self, *args, folder, **options):
        try:
            documents = loading.checked_documents(folder)
            with tables.needed():
                release, is_new = loading.publish(documents)
        except loading.CatalogueRefused as refused:
            raise CommandError(f"目录有{len(refused.problems)}处错误，没有发布：\n{refused}") from None
        if is_new:
            self.stdout.write(f"已发布事项目录{release}：{len(documents['items']['items'])}个事项。")
        else:
            self.stdout.write(f"事项目录没有变化，仍是{release}。")
