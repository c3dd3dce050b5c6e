from licensing.models.application import (
    Application,
    ApplicationNumber,
    Channel,
    Mode,
    OnRefusal,
    Purpose,
    Status,
    new_draft_code,
)
from licensing.models.credit import UntrustworthyEntry
from licensing.models.enterprise import (
    Enterprise,
    EnterpriseEvent,
    EntityType,
    Invitation,
    MemberRole,
    Membership,
    Premises,
    Scope,
)
from licensing.models.log import ChainedRow, LogEntry
from licensing.models.papers import Blob, FileState, How, SharedRecord, SharedState, StoredFile, SubmittedMaterial
from licensing.models.signing import AssistedFiling, Authority, Disclosure, Method, Signature

__all__ = [
    "Application",
    "ApplicationNumber",
    "AssistedFiling",
    "Authority",
    "Blob",
    "ChainedRow",
    "Channel",
    "Disclosure",
    "Enterprise",
    "EnterpriseEvent",
    "EntityType",
    "FileState",
    "How",
    "Invitation",
    "LogEntry",
    "MemberRole",
    "Membership",
    "Method",
    "Mode",
    "OnRefusal",
    "Premises",
    "Purpose",
    "Scope",
    "SharedRecord",
    "SharedState",
    "Signature",
    "Status",
    "StoredFile",
    "SubmittedMaterial",
    "UntrustworthyEntry",
    "new_draft_code",
]
