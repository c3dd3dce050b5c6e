from dataclasses import dataclass

ERROR, WARNING = "error", "warning"


@dataclass(frozen=True)
class Problem:
    """What is wrong, where, and how to mend it: the file, the entry in it by its code, the key within the entry.

    A WARNING is told and counted; only an ERROR keeps the catalogue from being published.
    """

    file: str
    entry: str = ""
    key: str = ""
    message: str = ""
    mend: str = ""
    level: str = ERROR

    def __str__(self):
        place = " › ".join(part for part in (self.file, self.entry, self.key) if part)
        return f"{place}：{with_mend(self.message, self.mend)}"


def with_mend(message, mend):
    return f"{message}；改法：{mend}" if mend else message
