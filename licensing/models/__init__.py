from licensing.models.application import Application, ApplicationNumber, Channel, Mode, OnRefusal, Status
from licensing.models.credit import UntrustworthyEntry
from licensing.models.enterprise import Enterprise, EnterpriseEvent, EntityType, MemberRole, Membership, Premises
from licensing.models.log import ChainedRow, LogEntry
from licensing.models.papers import How, StoredFile, SubmittedMaterial

__all__ = [
    "Application",
    "ApplicationNumber",
    "ChainedRow",
    "Channel",
    "Enterprise",
    "EnterpriseEvent",
    "EntityType",
    "How",
    "LogEntry",
    "MemberRole",
    "Membership",
    "Mode",
    "OnRefusal",
    "Premises",
    "Status",
    "StoredFile",
    "SubmittedMaterial",
    "UntrustworthyEntry",
]
