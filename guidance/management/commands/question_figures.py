import json
import time
from dataclasses import asdict

from django.core.management.base import BaseCommand

from guidance.asking import count, drawn
from guidance.management import catalogues
from guidance.management.numbers import positive


class Command(BaseCommand):
    help = (
        "数一数要问多少个问题：随机造出许多家店，按每家店的情况答到底，给出平均数和最多数，"
        "与“凡是ask_when成立的问题都问”相比。先是不选主题的，再是每个主题的（主题已经答好的不算）。"
        "同一个--seed每次结果相同。进度写在标准错误里。目录读不到或者有错时，退出码1。"
    )
    requires_system_checks = ()

    def add_arguments(self, parser):
        parser.add_argument("--businesses", type=positive, default=10_000, help="多少家店（默认10000）")
        parser.add_argument(
            "--per-theme", type=positive, metavar="N", help="每个主题多少家店（默认：总数除以主题数，至少1家）"
        )
        parser.add_argument("--seed", type=int, default=1, help="随机数的种子（默认1）")
        parser.add_argument("--json", action="store_true", help="输出JSON：{businesses, seed, all: {…}, themes: {…}}")
        parser.add_argument("--files", metavar="DIR", help="直接用这个文件夹里的YAML目录，不读数据库")

    def handle(self, *args, businesses, per_theme, seed, files, **options):
        catalogue = catalogues.chosen(files)
        per_theme = per_theme or max(1, businesses // max(1, len(catalogue.themes)))
        total = self._count(catalogue, "不选主题", businesses, seed)
        themes = {
            code: self._count(catalogue, theme.name, per_theme, seed, theme.seed_answers)
            for code, theme in catalogue.themes.items()
        }
        if options["json"]:
            self._print_json(businesses, seed, total, themes)
        else:
            self._print_table(catalogue, total, themes)

    def _count(self, catalogue, name, businesses, seed, known=None):
        begun, told = time.monotonic(), time.monotonic()

        def telling():
            nonlocal told
            for place, business in enumerate(drawn(catalogue, businesses, seed), start=1):
                yield business
                if time.monotonic() - told > 1:
                    told = time.monotonic()
                    self._tell(f"{name}：{place}/{businesses}，{told - begun:.0f}秒")

        return count(catalogue, telling(), known)

    def _tell(self, text):
        self.stderr.write(text)
        self.stderr.flush()

    def _print_json(self, businesses, seed, total, themes):
        figures = {
            "businesses": businesses,
            "seed": seed,
            "all": asdict(total),
            "themes": {code: asdict(one) for code, one in themes.items()},
        }
        self.stdout.write(json.dumps(figures, ensure_ascii=False, indent=2))

    def _print_table(self, catalogue, total, themes):
        self.stdout.write("平均  最多   全问平均  最多   店数   主题")
        self.stdout.write(_row(total, "（不选主题）"))
        for code, one in themes.items():
            self.stdout.write(_row(one, catalogue.themes[code].name))


def _row(one, name):
    few, all_ = f"{one.mean:4.1f}  {one.most:4}", f"{one.mean_of_all:8.1f}  {one.most_of_all:4}"
    return f"{few}   {all_}  {one.businesses:5}   {name}"
