import os
import random
import shutil
import time

import pytest
from yaml import CSafeLoader

from guidance import reading
from guidance.linting import lint
from guidance.reading import read_file, read_folder
from guidance.reading.misreadings import Unreadable
from tests.guidance.conftest import DOCUMENTS, FOLDER

# What is in the file, what is said of it, and how it is mended.
TRAPS = [
    (b"", "文件是空的", "写上内容"),
    (b"# only a comment\n", "文件是空的", "写上内容"),
    # keys
    (b"a: 1\na: 2\n", "第2行第1列：键“a”写了两次", "删掉一个"),
    (b"a:\n  - {b: 1, b: 2}\n", "第2行第12列：键“b”写了两次", "删掉一个"),
    (b"a: 1\n'a': 2\n", "第2行第1列：键“a”写了两次", "删掉一个"),
    (b"{[a]: 1}\n", "第1行第2列：键只能是文字", "写一个键"),
    (b"? {a: 1}\n: 2\n", "第1行第3列：键只能是文字", "写一个键"),
    (b"a: {b: 1}\nc:\n  <<: {b: 2}\n", r"第3行第3列：不能使用合并键（<<）", "写全"),
    # anchors and tags
    (b"a: &x [1]\nb: *x\n", "第1行第4列：不能使用锚点", "写全"),
    (b"a: &x {b: *x}\n", "第1行第4列：不能使用锚点", "写全"),
    (b"a: *x\n", "第1行第4列：不能使用锚点", "写全"),
    (b"a: *\n", "第1行第", "加引号"),
    (b"a: !!python/object/apply:os.system [ls]\n", "第1行第4列：不能使用标签", "删掉标签"),
    (b"a: !city yangjiang\n", "第1行第4列：不能使用标签", "删掉标签"),
    (b"a: !!str 5\n", "第1行第4列：不能使用标签", "删掉标签"),
    (b"a: ! 5\n", "第1行第4列：不能使用标签", "删掉标签"),
    (b"%TAG ! tag:evil,2026:\n--- \na: !x 5\n", "第3行第4列：不能使用标签", "删掉标签"),
    # writing that does not parse
    (b"a: [1\nb: 2\n", "方括号里缺少逗号，或者没有合上", r"\[ \]"),
    (b"a: {b: 1\nc: 2\n", "花括号里缺少逗号，或者没有合上", r"\{ \}"),
    (b"a: b: c\n", "第1行第5列：冒号的位置不对", "引号"),
    (b"a:\n\t- 1\n", "第2行第1列：这里有YAML不认的字符", "制表符"),
    (b"a: 1\n  b: 2\n", "第2行第4列：冒号的位置不对", "对齐"),
    (b"a: 1\n---\nb: 2\n", "不止一份内容", "---"),
    (b"a: 1\nb\n", "键后面缺少冒号", "冒号后面要有空格"),
    (b"a: 'x\n", "引号没有合上", "补上引号"),
    (b'a: "\\d"\n', "反斜杠", "单引号"),
    # characters and encodings
    (b"a: 1\nb: x\0y\n", r"第2行第5列：有不能显示的控制字符（U\+0000）", "删掉"),
    ("a: x\u2028y\n".encode(), r"第1行第5列：有不能显示的控制字符（U\+2028）", "删掉"),
    ("a: x\u202ey\n".encode(), r"第1行第5列：有不能显示的控制字符（U\+202E）", "删掉"),
    ("a: 许可".encode("gbk"), "不是UTF-8编码（第4个字节起无法识别）", "另存为UTF-8"),
    ("a: 许可".encode("utf-16"), "不是UTF-8编码（第1个字节起无法识别）", "另存为UTF-8"),
    # size
    (b"a: " + b"[" * 5000, "第1行第53列：嵌套太深（超过50层）", "括号"),
    (b"a: " + b"{b: " * 5000, "嵌套太深（超过50层）", "括号"),
    ("".join(f"{' ' * depth}a:\n" for depth in range(99)).encode(), "嵌套太深（超过50层）", "括号"),
    (b"a: [" + b"1," * 300_000 + b"1]", "内容太多（超过200000个值）", "放错了文件"),
    (b"a: '" + b"x" * 10_000_000 + b"'", "文件超过5 MB", "放错了文件"),
]


@pytest.mark.parametrize(("content", "words", "mend"), TRAPS)
def test_a_trap_is_explained_with_its_mend(tmp_path, content, words, mend):
    path = tmp_path / "items.yaml"
    path.write_bytes(content)
    began = time.monotonic()
    with pytest.raises(ValueError, match=words.replace("（", "[（]").replace("）", "[）]")) as caught:
        read_file(path)
    _, found = str(caught.value).split("；改法：")
    assert mend.replace("\\", "") in found
    assert len(str(caught.value)) < 300
    # Generous for a busy machine: what is refused while it is parsed takes a third of it.
    assert time.monotonic() - began < 5


@pytest.mark.parametrize("width", [10, 100_000])
def test_an_alias_bomb_is_refused_at_its_first_anchor(tmp_path, width):
    path = tmp_path / "items.yaml"
    lines = ["a0: &a0 [x]"] + [f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 9)}]" for n in range(1, width)]
    path.write_text("\n".join(lines)[: reading.MOST_BYTES])
    with pytest.raises(ValueError, match="第1行第5列：不能使用锚点"):
        read_file(path)


def test_too_much_is_refused_before_it_is_built(tmp_path, monkeypatch):
    path = tmp_path / "items.yaml"
    path.write_text("a: [" + "{}," * 200_000 + "1]")
    monkeypatch.setattr(CSafeLoader, "get_single_node", lambda loader: pytest.fail("it was built"))
    with pytest.raises(ValueError, match="内容太多"):
        read_file(path)


PLAIN_TEXT = "yes no on off True 010 0x1F 0o17 0b1 1_000 12:30 2025-12-01 .inf -.inf .nan 1e3 1.5e3 +5 5. .5 = ３００"


@pytest.mark.parametrize("written", [*PLAIN_TEXT.split(), "9" * 16, "9" * 5000, "0." + "9" * 16])
def test_what_only_looks_like_another_type_stays_text(tmp_path, written):
    path = tmp_path / "items.yaml"
    path.write_text(f"a: {written}\n")
    assert read_file(path) == {"a": written}


def test_plain_values_are_read_as_meant(tmp_path):
    path = tmp_path / "items.yaml"
    path.write_text("\ufeffa: true\nb: false\nc: null\nd:\ne: -3\nf: 2.5\ng: 0\nh: '5'\n", encoding="utf-8")
    assert read_file(path) == {"a": True, "b": False, "c": None, "d": None, "e": -3, "f": 2.5, "g": 0, "h": "5"}


def test_line_ends_of_any_system_and_a_quoted_merge_sign_are_no_fault(tmp_path):
    path = tmp_path / "items.yaml"
    path.write_bytes("甲: 1\r\n乙: '<<'\r\n'<<': 2\r\n".encode())
    assert read_file(path) == {"甲": 1, "乙": "<<", "<<": 2}


def test_a_missing_file_is_named_and_the_others_are_read(tmp_path):
    shutil.copytree(FOLDER, tmp_path, dirs_exist_ok=True)
    (tmp_path / "themes.yaml").unlink()
    documents, [problem] = read_folder(tmp_path)
    assert documents == {name: content for name, content in DOCUMENTS.items() if name != "themes"}
    assert str(problem).startswith("themes.yaml：找不到这个文件")


def test_a_folder_in_a_files_place_is_named(tmp_path):
    (tmp_path / "items.yaml").mkdir()
    _, problems = read_folder(tmp_path)
    assert str(problems[0]).startswith("items.yaml：无法读取这个文件")


def test_a_pipe_in_a_files_place_is_not_waited_for(tmp_path):
    os.mkfifo(tmp_path / "items.yaml")
    _, problems = read_folder(tmp_path)
    assert str(problems[0]).startswith("items.yaml：无法读取这个文件：它不是普通文件")


def test_no_accident_with_a_file_is_more_than_an_unreadable_file(tmp_path):
    """A piece put in, cut out or spoilt anywhere: what can be read is linted, the rest is explained with its mend."""
    chance, path = random.Random(6), tmp_path / "themes.yaml"
    pieces = [
        b"&a ",
        b"*a",
        b"!!str ",
        b"<<: ",
        b"\t",
        b"\0",
        b"{",
        b"}",
        b"[",
        b"]",
        b'"',
        b": ",
        b"- ",
        b"\xff",
        b"|\n",
    ]
    whole, refusals = (FOLDER / "themes.yaml").read_bytes(), []
    for _ in range(100):
        content, place = bytearray(whole), chance.randrange(len(whole))
        content[place : place + chance.choice([0, 0, 1, 20])] = chance.choice([*pieces, b""])
        path.write_bytes(content)
        try:
            lint({**DOCUMENTS, "themes": read_file(path)})
        except Unreadable as refusal:
            refusals.append(refusal)
    assert len(refusals) > 30
    assert all(refusal.mend for refusal in refusals)
