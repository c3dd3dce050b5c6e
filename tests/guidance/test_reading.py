import shutil

import pytest

from guidance.reading import read_file, read_folder
from tests.guidance.conftest import DOCUMENTS, FOLDER

TRAPS = [
    (b"", "文件是空的"),
    (b"# only a comment\n", "文件是空的"),
    (b"a: 1\na: 2\n", "第2行第1列：键“a”写了两次"),
    (b"a:\n  - {b: 1, b: 2}\n", "第2行第12列：键“b”写了两次"),
    (b"a: &x [1]\nb: *x\n", "第1行第4列：不能使用锚点"),
    (b"a: [1\nb: 2\n", "不是正确的YAML"),
    (b"a: b: c\n", "不是正确的YAML"),
    (b"a:\n\t- 1\n", "不是正确的YAML"),
    (b"a: 1\n---\nb: 2\n", "不是正确的YAML"),
    (b"a: !!python/object:os.system {}\n", "不是正确的YAML"),
    (b"{[a]: 1}\n", "键只能是文字"),
    ("a: 许可".encode("gbk"), "不是UTF-8编码"),
    (b"a: " + b"[" * 5000, "YAML|嵌套太深"),
]


@pytest.mark.parametrize(("content", "words"), TRAPS)
def test_a_trap_is_explained(tmp_path, content, words):
    path = tmp_path / "items.yaml"
    path.write_bytes(content)
    with pytest.raises(ValueError, match=words):
        read_file(path)


@pytest.mark.parametrize(
    "written", ["yes", "no", "on", "off", "True", "010", "1_000", "12:30", "2025-12-01", ".inf", "1e3"]
)
def test_what_only_looks_like_another_type_stays_text(tmp_path, written):
    path = tmp_path / "items.yaml"
    path.write_text(f"a: {written}\n")
    assert read_file(path) == {"a": written}


def test_plain_values_are_read_as_meant(tmp_path):
    path = tmp_path / "items.yaml"
    path.write_text("\ufeffa: true\nb: false\nc: null\nd:\ne: -3\nf: 2.5\ng: 0\nh: '5'\n", encoding="utf-8")
    assert read_file(path) == {"a": True, "b": False, "c": None, "d": None, "e": -3, "f": 2.5, "g": 0, "h": "5"}


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
