"""The licence that a filing carries on (延续) or alters (变更), as it stood when the draft began. Pure."""

from dataclasses import dataclass
from datetime import date, timedelta

from django.utils import timezone

from licensing.wording import day_text

# Licensing Law art. 50(1): who wants to carry a licence on applies thirty days before it ends, unless another law or
# regulation says otherwise.
BEFORE_THE_END = timedelta(days=30)
LATE = (
    "法律要求在有效期届满三十日前提出延续（行政许可法第五十条；法律、法规另有规定的，按规定办）。"
    "现在离到期不到三十日，还可以提出，但发证机关可能来不及在到期前决定：请尽快提交；到期还没有决定的，请先问发证机关。"
)


@dataclass(frozen=True)
class Prior:
    """valid_until: None is 长期."""

    number: str
    name: str
    authority: str
    issued_on: date
    valid_until: date | None
    identifier: str | None
    version: int

    @classmethod
    def of(cls, licence):
        """licence: whatever has these attributes."""
        return cls(**{name: getattr(licence, name) for name in cls.__dataclass_fields__})

    @classmethod
    def from_json(cls, kept):
        until = kept["valid_until"] and date.fromisoformat(kept["valid_until"])
        return cls(**kept | {"issued_on": date.fromisoformat(kept["issued_on"]), "valid_until": until})

    def as_json(self):
        until = self.valid_until and self.valid_until.isoformat()
        return vars(self) | {"issued_on": self.issued_on.isoformat(), "valid_until": until}

    @property
    def has_expired(self):
        return self.valid_until is not None and self.valid_until < timezone.localdate()

    @property
    def renew_by(self):
        """The last day on which art. 50(1) wants the application to carry it on; None where nothing ends."""
        return self.valid_until and self.valid_until - BEFORE_THE_END

    @property
    def late_warning(self):
        """A sentence for who would carry it on today with less than thirty days to go, or ""."""
        return LATE if self.renew_by and timezone.localdate() > self.renew_by else ""

    @property
    def text(self):
        """In one line: name, number, authority, validity."""
        until = f"有效期至 {day_text(self.valid_until)}" if self.valid_until else "长期有效"
        return f"{self.name}（编号 {self.number}，{self.authority}发，{until}）"
