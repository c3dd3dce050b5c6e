"""One paper of an application, as it stands now."""

from dataclasses import dataclass

from licensing.models import FileState, How, SharedRecord


@dataclass(frozen=True)
class Later:
    """容缺受理: how long and in which way a paper may be handed in after acceptance."""

    days: int  # working days from acceptance: the strictest of the items that ask for it
    method: str


@dataclass(frozen=True)
class Paper:
    code: str
    name: str
    how: How
    note: str  # why it is met this way, for the applicant and the officer
    items: tuple  # codes of the items that ask for it
    files: tuple = ()  # StoredFiles
    otherwise: "Paper | None" = None  # how it would be met had the applicant not chosen to upload it
    later: Later | None = None  # None: it must be there at submission
    warning: str = ""  # what may still go wrong with it, for the applicant
    record: SharedRecord | None = None  # what a connected source answered, or is being asked, for this holder and place

    @property
    def uploaded(self):
        return self.how == How.UPLOAD

    @property
    def deferred(self):
        return self.how == How.DEFERRED

    @property
    def spared(self):
        """Is nothing asked of the applicant? They may hand it in all the same."""
        return not self.uploaded and not self.deferred

    @property
    def missing(self):
        return self.uploaded and not self.files

    @property
    def deferrable(self):
        """May the applicant leave it for later now? What is there already need not wait."""
        return self.missing and self.later is not None

    @property
    def in_check(self):
        return [file for file in self.files if file.state == FileState.CHECKING]

    @property
    def rejected(self):
        return [file for file in self.files if file.state == FileState.REJECTED]

    @property
    def settled(self):
        """Does nothing more have to happen to it before submission?"""
        return not (self.missing or self.in_check or self.rejected)

    @property
    def being_asked(self):
        return self.record is not None and self.record.waiting
