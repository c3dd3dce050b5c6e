"""What a file of the catalogue can be that nobody can read, in plain words with how to mend it. Pure."""

import re

from guidance.linting.problems import with_mend

# libyaml's reasons, by words of theirs, with what usually was meant.
REASONS = [
    (
        "cannot start any token",
        "这里有YAML不认的字符",
        "不要用制表符（Tab）缩进，也不要用@、`、%开头；文字里有这些就加引号",
    ),
    ("mapping values are not allowed", "冒号的位置不对", "同一组的键要对齐；文字里有“: ”就给整段文字加引号"),
    ("could not find expected ':'", "键后面缺少冒号", "写成“键: 值”，冒号后面要有空格"),
    ("expected ',' or ']'", "方括号里缺少逗号，或者没有合上", "检查这一行和上一行的 [ ]"),
    ("expected ',' or '}'", "花括号里缺少逗号，或者没有合上", "检查这一行和上一行的 { }；文字里有逗号、冒号就加引号"),
    ("expected alphabetic or numeric", "&、*在YAML里有别的意思", "文字以&、*开头就加引号"),
    ("did not find expected", "缩进或结构不对", "同一层的行要对齐，列表项以“- ”开头"),
    ("unexpected end of stream", "引号没有合上", "在文字末尾补上引号"),
    ("unexpected document indicator", "引号没有合上", "在文字末尾补上引号"),
    ("but found another document", "一个文件里写了不止一份内容", "删掉单独的“---”行，只留一份"),
    ("unknown escape character", "双引号里的反斜杠写法不认", "改用单引号"),
    ("did not find URI escape", "标签写法不对", "删掉“!”开头的标签"),
    ("undefined alias", "不能使用锚点（&、*）", "把内容写全；文字以*开头就加引号"),
]
# Tab, line feed and carriage return apart; U+0085 and U+2028/9 would be line ends to YAML and to nobody else, and what
# has no width or turns the line round shows a text that is not the one written.
UNREADABLE = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufffe\uffff]"
)


class Unreadable(ValueError):
    """A file that cannot be read: its text is the reason, and how to mend it."""

    def __init__(self, message, mend=""):
        super().__init__(with_mend(message, mend))
        self.message, self.mend = message, mend


def at(mark, message, mend):
    return Unreadable(f"不是正确的YAML，第{mark.line + 1}行第{mark.column + 1}列：{message}", mend)


def explained(error):
    """A YAMLError as Unreadable, with its place."""
    mark = getattr(error, "problem_mark", None) or getattr(error, "context_mark", None)
    reason = str(getattr(error, "problem", None) or error)[:100]
    found = next(((message, mend) for words, message, mend in REASONS if words in reason), None)
    message, mend = found or (f"写法不对（{reason}）", "检查这一行和上一行的缩进、引号和括号")
    return at(mark, message, mend) if mark else Unreadable(f"不是正确的YAML：{message}", mend)


def unreadable_character(text):
    """Raise Unreadable at the first character that no person could have meant."""
    found = UNREADABLE.search(text)
    if found:
        line = text.count("\n", 0, found.start()) + 1
        column = found.start() - (text.rfind("\n", 0, found.start()) + 1) + 1
        message = f"第{line}行第{column}列：有不能显示的控制字符（U+{ord(found[0]):04X}）"
        raise Unreadable(message, "删掉这个字符，通常是从别处复制带进来的")
