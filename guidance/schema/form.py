"""What the one form asks for (要素): its fields, and the columns of those that are tables."""

from dataclasses import field

from guidance.schema.entry import entry


@entry
class Option:
    value: str
    label: str


@entry
class Column:
    code: str
    label: str
    type: str
    required: bool
    unit: str = ""
    choices: tuple[Option, ...] = ()
    validation: dict = field(default_factory=dict)


@entry
class Element:
    code: str
    label: str
    type: str
    group: str
    source: str  # profile / licence / history / ask
    unit: str = ""
    hint: str = ""
    choices: tuple[Option, ...] = ()
    columns: tuple[Column, ...] = ()
    validation: dict = field(default_factory=dict)
    system_filled: bool = False
    computed: dict | None = None  # {op, rows, column}
