"""Reading the catalogue's YAML strictly: what a person did not clearly mean is an error, never a guess."""

import re
from pathlib import Path

import yaml

from guidance.linting.problems import Problem
from guidance.schema import FILES

# YAML 1.1 reads yes, on, 010, 12:30 and 2025-12-01 as a boolean, a number, a date. Here plain text stays text; the
# lint then says what the key wants.
PLAIN = {
    "null": (r"~|null|", ["~", "n", ""]),  # "" finds the scalar that is left out
    "bool": (r"true|false", ["t", "f"]),
    "int": (r"-?(0|[1-9][0-9]*)", [*"-0123456789"]),
    "float": (r"-?(0|[1-9][0-9]*)\.[0-9]+", [*"-0123456789"]),
}


class StrictLoader(yaml.CSafeLoader):
    yaml_implicit_resolvers = {}

    def construct_mapping(self, node, deep=False):
        keys = set()
        for key, _ in node.value:
            if not isinstance(key, yaml.ScalarNode):
                raise _error("键只能是文字", key)
            if key.value in keys:
                raise _error(f"键“{key.value}”写了两次", key)
            keys.add(key.value)
        return super().construct_mapping(node, deep)


for name, (pattern, starts) in PLAIN.items():
    StrictLoader.add_implicit_resolver(f"tag:yaml.org,2002:{name}", re.compile(rf"(?:{pattern})\Z"), starts)


def _error(message, place):
    return yaml.MarkedYAMLError(problem=message, problem_mark=place.start_mark)


def read_folder(folder):
    """Return (documents by name, problems); a file that cannot be read is a problem and has no document."""
    documents, problems = {}, []
    for name in FILES:
        try:
            documents[name] = read_file(Path(folder) / f"{name}.yaml")
        except ValueError as error:
            problems.append(Problem(f"{name}.yaml", message=str(error)))
    return documents, problems


def read_file(path):
    """Return the file's parsed content. Raises ValueError with the reason in plain words."""
    try:
        text = path.read_bytes().decode("utf-8-sig")
    except FileNotFoundError:
        raise ValueError(f"找不到这个文件（{path}）") from None
    except OSError as error:
        raise ValueError(f"无法读取这个文件：{error.strerror}") from None
    except UnicodeDecodeError as error:
        raise ValueError(f"文件不是UTF-8编码（第{error.start + 1}个字节起无法识别）") from None
    try:
        for event in yaml.parse(text, StrictLoader):
            if getattr(event, "anchor", None):
                raise _error("不能使用锚点（&、*），请把内容写全", event)
        data = yaml.load(text, StrictLoader)  # noqa: S506 - it is a SafeLoader
    except yaml.YAMLError as error:
        raise ValueError(explain(error)) from None
    except RecursionError:
        raise ValueError("嵌套太深") from None
    if data is None:
        raise ValueError("文件是空的")
    return data


def explain(error):
    """A YAMLError in plain words, with its place."""
    mark = getattr(error, "problem_mark", None)
    place = f"第{mark.line + 1}行第{mark.column + 1}列：" if mark else ""
    return f"不是正确的YAML，{place}{getattr(error, 'problem', None) or error}"
