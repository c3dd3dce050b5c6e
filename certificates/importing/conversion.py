"""Turns one uploaded file into plain rows, in a process of its own with little memory and time.

`python -m certificates.importing.conversion xlsx|csv`: the file on standard input. On standard output a JSON line for
each row below the heading that is not empty: [row number, {name: text}, {name: what is wrong with it}]. At last on
standard error one JSON object: {"refused": a sentence}, or {"names", "fields", "unknown", "rows", "doubled"}. Knows
neither Django nor the network nor a database; so the __init__.py above it stay empty.
"""

import json
import sys
from collections import defaultdict

from certificates.importing import sheets, texts
from certificates.importing.columns import MAX_ROWS, Finder, Refused, key, no_heading
from exchange.confined import confine

# 100,000 rows take 150 MiB of it, most of it the sheet's texts.
MEMORY = 640 * 1024 * 1024
SECONDS = 20
OUTPUT = 512 * 1024 * 1024
COSTLY = "这个文件的内容太多，读不完，请只留要填的行和栏，或者分成几个文件再传"


def main(kind):
    confine(memory=MEMORY, seconds=SECONDS, written=OUTPUT)
    try:
        told = convert(kind, sys.stdin.buffer, sys.stdout.buffer)
    except Refused as why:
        told = {"refused": str(why)}
    except (MemoryError, RecursionError, OSError):
        told = {"refused": COSTLY}
    sys.stderr.buffer.write(json.dumps(told, ensure_ascii=False).encode())
    return 0


def convert(kind, file, output):
    """Write the rows of a file; return what is told of it. kind: xlsx or csv. Raises Refused."""
    finder, headings, heading_at, numbers = Finder(), None, [], _Numbers()
    for number, cells in sheets.rows(file, heading_at) if kind == "xlsx" else texts.rows(file):
        if not any(cells):
            continue
        if headings is None:
            headings = finder.heading_of(cells)
            heading_at += [number] if headings else []
            continue
        if numbers.rows == MAX_ROWS:
            raise Refused(f"最多 {MAX_ROWS} 行，这里不止，请分成几个文件再传")
        row = headings.cells(list(map(_storable, cells)))
        numbers.add(number, row.get(headings.fields["number"], ""))
        wrong = {name: text for name, text in row.items() if isinstance(text, sheets.Wrong)}
        # What has no value is given back empty: written as it is, nobody would see next time what it had lost.
        line = [number, row | dict.fromkeys(wrong, ""), wrong]
        output.write(json.dumps(line, ensure_ascii=False).encode() + b"\n")
    output.flush()
    if headings is None:
        raise Refused(no_heading())
    if not numbers.rows:
        raise Refused("表头下面没有要导入的行，请检查后再传")
    return {
        "names": headings.names,
        "fields": headings.fields,
        "unknown": headings.unknown,
        "rows": numbers.rows,
        "doubled": numbers.doubled(),
    }


class _Numbers:
    """Which rows have the same 证照编号."""

    def __init__(self):
        self.rows, self._first, self._others = 0, {}, defaultdict(list)

    def add(self, row, number):
        self.rows += 1
        if same := key(number):
            first = self._first.setdefault(same, row)
            if first != row:
                self._others[first].append(row)

    def doubled(self):
        """{row: another row with its number}, for all of them."""
        pairs = {}
        for first, others in self._others.items():
            pairs |= {first: others[0]} | dict.fromkeys(others, first)
        return pairs


def _storable(text):
    """PostgreSQL keeps no NUL; a reader of the errors sees that something was there."""
    return text if "\0" not in text else text.replace("\0", "\N{REPLACEMENT CHARACTER}")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
