import json
import sys
from argparse import RawDescriptionHelpFormatter

from django.core.management.base import BaseCommand, CommandError

from guidance.engine import InvalidAnswer, replay
from guidance.management import catalogues
from guidance.report import explanation, report


class Command(BaseCommand):
    help = """从标准输入读取JSON：{"answers": {问题代码: 答案}}，或者这样的对象的列表；为每一个输出一个JSON：

items     一定要办的事项
possible  还不能确定的事项
blocks    不能办的提醒
notices   其他提醒
reasons   每个要办的事项的理由
dropped   答了但不会问到的问题
next      下一个问题，没有就是null
why       {要办的事项: 每条成立的规则一个 {because 理由, basis 依据, answers 是哪些回答}}
why_not   {其他事项: 每条规则一个，最近的在前
          {because, basis, answers 怎样回答就要办，要换成完全不同的生意的是空的, text 一句话}}
drop_by   {要办的事项: {answers 最少改哪些回答就一定不用办, text 一句话,
          items_lost 别的哪些也不用办了, items_gained 哪些反而要办, items_possible 哪些要再回答才知道,
          answers_dropped 哪些问题不再问, asks_more 是否还要再回答问题}}，改两个回答也免不了的是null

why_not和drop_by里的answers，条件交叉得太多、算不出来的，是null，text里也说明。

单选答案写选项的值，多选写值的列表（可以是空的），数字写数字，是否题写true或false。
输入有错时，说明是哪个问题、哪个值，退出码2，标准输出没有内容。"""
    # Nothing here depends on what the checks look at, and with --files not even a database is needed.
    requires_system_checks = ()

    def create_parser(self, *args, **options):
        # The list of keys keeps its lines.
        return super().create_parser(*args, formatter_class=RawDescriptionHelpFormatter, **options)

    def add_arguments(self, parser):
        parser.add_argument("--files", metavar="DIR", help="直接用这个文件夹里的YAML目录，不读数据库")

    def handle(self, *args, files, **options):
        cases = _read(sys.stdin.buffer.read())
        catalogue = catalogues.chosen(files)
        if isinstance(cases, list):
            results = [
                _recommend(catalogue, case, f"第{place}个对象（序号{place - 1}）：")
                for place, case in enumerate(cases, start=1)
            ]
        else:
            results = _recommend(catalogue, cases, "")
        self.stdout.write(json.dumps(results, ensure_ascii=False, indent=2))


def _read(raw):
    try:
        return json.loads(raw.decode("utf-8-sig"), object_pairs_hook=_once, parse_constant=_no_constant)
    except RecursionError:
        raise _refusal("输入的JSON嵌套太深") from None
    except UnicodeDecodeError as error:
        raise _refusal(f"输入不是正确的JSON：第{error.start + 1}个字节起不是UTF-8编码") from None
    except json.JSONDecodeError as error:
        raise _refusal(f"输入不是正确的JSON，第{error.lineno}行第{error.colno}列：{error.msg}") from None
    except ValueError as error:
        raise _refusal(f"输入不是正确的JSON：{error}") from None


def _once(pairs):
    """A JSON object; a key given twice would silently lose an answer."""
    read = {}
    for key, value in pairs:
        if key in read:
            raise ValueError(f"“{key}”写了两次")
        read[key] = value
    return read


def _no_constant(name):
    raise ValueError(f"{name}不是数字")


def _recommend(catalogue, case, place):
    if not isinstance(case, dict) or case.keys() != {"answers"} or not isinstance(case["answers"], dict):
        raise _refusal(f'{place}要写成{{"answers": {{问题代码: 答案}}}}')
    try:
        situation = replay(catalogue, case["answers"])
    except InvalidAnswer as error:
        raise _refusal(f"{place}{error}") from None
    return report(situation) | explanation(catalogue, situation)


def _refusal(message):
    return CommandError(message, returncode=2)
