import json

from django.core.management.base import BaseCommand, CommandError

from guidance import releases
from guidance.canonical import fingerprint
from guidance.examining import examine_folder
from guidance.management import tables
from guidance.management.catalogues import FOLDER
from guidance.models import Release, ReleaseStatus
from guidance.proving import prove
from guidance.proving.hints import hints
from guidance.schema import Catalogue

UNSOUND, UNREADABLE = 1, 2


class Command(BaseCommand):
    help = (
        "证明目录的问答没有毛病：没有答不下去的路，没有问不到的问题、没有用的问题，没有永远不成立的规则和提醒，"
        "每个事项都有人需要、有人能申请，主题的承诺都兑现。穷尽所有答案，不是抽查。"
        "每处毛病都说明在哪里、怎么改，并给出一条可以照着答的路。退出码：0没有毛病，1有毛病，2目录读不了。"
    )
    # With a folder not even a database is needed.
    requires_system_checks = ()

    def add_arguments(self, parser):
        parser.add_argument("folder", nargs="?", help="目录文件夹（默认：guidance/catalogue）")
        parser.add_argument("--overlay", default="", metavar="NAME", help="用overlays/NAME.yaml里本市的改动")
        parser.add_argument("--release", type=int, metavar="N", help="重新证明已发布的第N版，并与当时留下的证明核对")
        parser.add_argument("--json", action="store_true", help="输出JSON")

    def handle(self, *args, folder, overlay, release, json, **options):
        if release is not None and (folder or overlay):
            raise CommandError("--release后面不能再写文件夹或--overlay。", returncode=UNREADABLE)
        published = None if release is None else _published(release)
        documents = _documents(folder or FOLDER, overlay) if published is None else releases.documents(published)
        catalogue = Catalogue.from_data(documents)
        proof = prove(catalogue, fingerprint(documents), told=self._told)
        self.stdout.write(_as_json(proof, published) if json else _as_text(proof, hints(catalogue), published))
        problem = _problem(proof, published)
        if problem:
            raise CommandError(problem, returncode=UNSOUND)

    def _told(self, line):
        self.stderr.write(line, style_func=str)


def _published(number):
    try:
        with tables.needed():
            release = Release.objects.filter(number=number, status=ReleaseStatus.PUBLISHED).first()
    except CommandError as error:
        raise CommandError(str(error), returncode=UNREADABLE) from None
    if release is None:
        raise CommandError(f"没有已发布的第{number}版。", returncode=UNREADABLE)
    return release


def _documents(folder, overlay):
    examined = examine_folder(folder, overlay)
    if examined.problems:
        problems = "\n".join(map(str, examined.problems))
        message = f"目录有{len(examined.problems)}处错误，还不能证明：\n{problems}"
        raise CommandError(message, returncode=UNREADABLE)
    return examined.documents


def _problem(proof, published):
    """What keeps the catalogue from being sound, in a line; None where nothing does."""
    if not proof.is_sound:
        return f"问答有{len(proof.violations)}处毛病。"
    if published and not published.proof_sha256:
        return f"{published}没有毛病，但发布时没有留下证明。"
    if published and published.proof_sha256 != proof.sha256:
        return f"{published}没有毛病，但与发布时留下的证明（{published.proof_sha256}）不一致：内容或证明方法变了。"
    return None


def _as_json(proof, published):
    figures = {"diagrams": proof.diagrams, "nodes": proof.nodes, "seconds": round(proof.seconds, 3)}
    kept = {"kept_sha256": published.proof_sha256} if published else {}
    violations = [vars(violation) for violation in proof.violations]
    result = {**proof.result, "violations": violations, "sha256": proof.sha256, **kept, **figures}
    return json.dumps(result, ensure_ascii=False, indent=2)


def _as_text(proof, found, published):
    lines = [str(violation) for violation in proof.violations]
    lines += [f"（供参考）{hint}" for hint in found]
    statements, seconds = sum(proof.checks.values()), proof.seconds
    lines.append(
        f"{len(proof.checks)}类检查，{statements}个结论，{proof.diagrams}张判定图，{proof.nodes}个节点，{seconds:.2f}秒。"
    )
    if proof.is_sound:
        same = "，与发布时的一致" if published and published.proof_sha256 == proof.sha256 else ""
        lines.append(f"问答没有毛病。证明的指纹{same}：{proof.sha256}")
    return "\n".join(lines)
