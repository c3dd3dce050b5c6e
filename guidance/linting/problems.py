from dataclasses import dataclass


@dataclass(frozen=True)
class Problem:
    """What is wrong and where: the file, the entry in it by its code, the key within the entry."""

    file: str
    entry: str = ""
    key: str = ""
    message: str = ""

    def __str__(self):
        place = " › ".join(part for part in (self.file, self.entry, self.key) if part)
        return f"{place}：{self.message}"
