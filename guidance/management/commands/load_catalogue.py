from django.core.management.base import BaseCommand, CommandError

from guidance import loading
from guidance.examining import examine_folder
from guidance.management import tables
from guidance.management.catalogues import FOLDER


class Command(BaseCommand):
    help = (
        "检查目录文件夹里的items.yaml、fields.yaml、questions.yaml、themes.yaml，并作为新的一版发布。"
        "内容与当前一版相同就什么也不做；有任何错误就全部列出（文件、条目、键、改法），退出码1，什么也不发布。"
        "--check只检查、不发布：退出码0没有错误（注意事项不算），1有错误，2有文件读不了。"
    )

    def add_arguments(self, parser):
        parser.add_argument("folder", nargs="?", default=FOLDER, help="目录文件夹（默认：guidance/catalogue）")
        parser.add_argument("--check", action="store_true", help="只检查，不发布")
        parser.add_argument("--overlay", default="", metavar="NAME", help="用overlays/NAME.yaml里本市的改动")

    def handle(self, *args, folder, check, overlay, **options):
        examined = examine_folder(folder, overlay)
        if check:
            self._say_of(examined)
            return
        try:
            if examined.problems:
                raise loading.CatalogueRefused(examined.problems)
            with tables.needed():
                release, is_new = loading.publish(examined.documents, overlay=examined.overlay)
        except loading.CatalogueRefused as refused:
            raise CommandError(f"目录有{len(refused.problems)}处错误，没有发布：\n{refused}") from None
        if is_new:
            self.stdout.write(f"已发布事项目录{release}：{len(examined.documents['items']['items'])}个事项。")
        else:
            self.stdout.write(f"事项目录没有变化，仍是{release}。")
        if examined.overlay:
            self.stdout.write(f"用了{_told(examined.overlay)}。")

    def _say_of(self, examined):
        if examined.warnings:
            self.stdout.write(f"注意{len(examined.warnings)}处（不影响发布）：")
            self.stdout.write("\n".join(map(str, examined.warnings)))
        if examined.problems:
            problems = "\n".join(map(str, examined.problems))
            code = 2 if examined.unreadable else 1
            raise CommandError(f"目录有{len(examined.problems)}处错误：\n{problems}", returncode=code)
        try:
            loading.proven(examined.documents)
        except loading.CatalogueRefused as refused:
            raise CommandError(f"导办问题有{len(refused.problems)}处没有通过证明：\n{refused}") from None
        if examined.overlay:
            self.stdout.write(f"{_told(examined.overlay)}：")
            for one in examined.overlay["differences"]:
                self.stdout.write(f"{one['place']}：全省“{one['was']}”，本市“{one['now']}”；{one['why']}")
        items, questions = examined.documents["items"]["items"], examined.documents["questions"]["questions"]
        self.stdout.write(f"目录没有错误：{len(items)}个事项，{len(questions)}个问题，都通过了检查和证明。")


def _told(overlay):
    return f"{overlay['city']}的改动{len(overlay['differences'])}处"
