"""Reading the catalogue's YAML strictly: what a person did not clearly mean is an error, never a guess."""

import re
from pathlib import Path

import yaml

from guidance.linting.checks import CODE, shown
from guidance.linting.problems import Problem
from guidance.reading.misreadings import Unreadable, at, explained, unreadable_character
from guidance.schema import FILES

# The largest of our files has 150 kB, 15,000 events and five levels. What is far beyond was not written by a person,
# and is refused before it takes memory: 200,000 values are 100 MB while they are being read.
MOST_BYTES = 5_000_000
MOST_EVENTS = 200_000
MOST_LEVELS = 50

# YAML 1.1 reads yes, on, 010, 12:30 and 2025-12-01 as a boolean, a number, a date. Here plain text stays text; the
# lint then says what the key wants. So do numbers too long to be one that anybody counted.
PLAIN = {
    "null": (r"~|null|", ["~", "n", ""]),  # "" finds the scalar that is left out
    "bool": (r"true|false", ["t", "f"]),
    "int": (r"-?(0|[1-9][0-9]{0,14})", [*"-0123456789"]),
    "float": (r"-?(0|[1-9][0-9]{0,14})\.[0-9]{1,15}", [*"-0123456789"]),
}


class StrictLoader(yaml.CSafeLoader):
    yaml_implicit_resolvers = {}

    def construct_mapping(self, node, deep=False):
        keys = set()
        for key, _ in node.value:
            if not isinstance(key, yaml.ScalarNode):
                raise at(key.start_mark, "键只能是文字", "在冒号前写一个键")
            if key.value in keys:
                raise at(key.start_mark, f"键{shown(key.value)}写了两次", "删掉一个，或者合成一个")
            if key.value == "<<" and not key.style:
                raise at(key.start_mark, "不能使用合并键（<<）", "把内容写全")
            keys.add(key.value)
        return super().construct_mapping(node, deep)


for name, (pattern, starts) in PLAIN.items():
    StrictLoader.add_implicit_resolver(f"tag:yaml.org,2002:{name}", re.compile(rf"(?:{pattern})\Z"), starts)


def read_folder(folder):
    """Return (documents by name, problems); a file that cannot be read is a problem and has no document."""
    documents, problems = {}, []
    for name in FILES:
        try:
            documents[name] = read_file(Path(folder) / f"{name}.yaml")
        except Unreadable as error:
            problems.append(Problem(f"{name}.yaml", message=error.message, mend=error.mend))
    return documents, problems


def read_overlay(folder, name):
    """Return (the parsed overlay of that name in the folder, problems); None with a problem."""
    file = f"overlays/{name}.yaml"
    if not CODE.fullmatch(name):
        return None, [Problem("overlays", message=f"没有{shown(name)}这个覆盖", mend="写overlays里的文件名，不带.yaml")]
    try:
        return read_file(Path(folder) / file), []
    except Unreadable as error:
        return None, [Problem(file, message=error.message, mend=error.mend)]


def read_file(path):
    """Return the file's parsed content. Raises Unreadable with the reason, and how to mend it, in plain words."""
    text = _text(path)
    unreadable_character(text)
    try:
        _survey(text)
        data = yaml.load(text, StrictLoader)  # noqa: S506 - it is a SafeLoader
    except yaml.YAMLError as error:
        raise explained(error) from None
    if data is None:
        raise Unreadable("文件是空的", "按guidance/catalogue/README.md写上内容")
    return data


def _text(path):
    # Reading from a pipe or a device would never end.
    if path.exists() and not (path.is_file() or path.is_dir()):
        raise Unreadable("无法读取这个文件：它不是普通文件")
    try:
        with path.open("rb") as file:
            raw = file.read(MOST_BYTES + 1)
    except FileNotFoundError:
        raise Unreadable(f"找不到这个文件（{path}）") from None
    except OSError as error:
        raise Unreadable(f"无法读取这个文件：{error.strerror}") from None
    except ValueError:
        raise Unreadable("文件名里有不能用的字符") from None
    if len(raw) > MOST_BYTES:
        raise Unreadable(f"文件超过{MOST_BYTES // 1_000_000} MB，没有读取", "目录不会有这么大，检查是不是放错了文件")
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        message = f"文件不是UTF-8编码（第{error.start + 1}个字节起无法识别）"
        raise Unreadable(message, "在编辑器里另存为UTF-8编码") from None


def _survey(text):
    """Refuse what would grow, run or recurse while it is being loaded; events alone take no memory."""
    depth = 0
    for count, event in enumerate(yaml.parse(text, StrictLoader), start=1):
        if count > MOST_EVENTS:
            raise at(event.start_mark, f"内容太多（超过{MOST_EVENTS}个值）", "检查是不是放错了文件")
        if getattr(event, "anchor", None):
            raise at(event.start_mark, "不能使用锚点（&、*）", "把内容写全；文字以&、*开头就加引号")
        if getattr(event, "tag", None):
            raise at(event.start_mark, "不能使用标签（!）", "删掉标签；文字以!开头就加引号")
        depth += isinstance(event, yaml.CollectionStartEvent) - isinstance(event, yaml.CollectionEndEvent)
        if depth > MOST_LEVELS:
            raise at(event.start_mark, f"嵌套太深（超过{MOST_LEVELS}层）", "检查括号是不是没有合上")


def explain(error):
    """A YAMLError in plain words, with its place and its mend."""
    return str(explained(error))
