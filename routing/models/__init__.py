from routing.models.calendar import CalendarDay, CalendarYear
from routing.models.check import AfterCheck, CheckStatus
from routing.models.clock import STATUTORY_STOPS, ClockStop, Extension, StopKind
from routing.models.correction import About, Correction, CorrectionPoint
from routing.models.deferral import Deferral
from routing.models.document import Document, DocumentKind
from routing.models.proposal import Proposal
from routing.models.task import ENDED, FAILED, KEEPS_NUMBER, OPEN, ApprovalTask, TaskStatus
from routing.models.term import Term

__all__ = [
    "ENDED",
    "FAILED",
    "KEEPS_NUMBER",
    "OPEN",
    "STATUTORY_STOPS",
    "About",
    "AfterCheck",
    "ApprovalTask",
    "CalendarDay",
    "CalendarYear",
    "CheckStatus",
    "ClockStop",
    "Correction",
    "CorrectionPoint",
    "Deferral",
    "Document",
    "DocumentKind",
    "Extension",
    "Proposal",
    "StopKind",
    "TaskStatus",
    "Term",
]
