from licensing.models.application import Application, ApplicationNumber, Channel, Mode, Status
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
    "Premises",
    "Status",
    "StoredFile",
    "SubmittedMaterial",
]
