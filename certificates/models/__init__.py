from certificates.models.ending import Ending, EndingKind, EndingProposal
from certificates.models.files import LicenceFile, SigningKey
from certificates.models.importing import ImportRow, ImportState, LicenceImport, Outcome
from certificates.models.licence import CertificateType, ExpiryReminder, Licence, LicenceEvent, LicenceStatus, Reissue
from certificates.models.looking import DepartmentClient, OfficialLookup

__all__ = [
    "CertificateType",
    "DepartmentClient",
    "Ending",
    "EndingKind",
    "EndingProposal",
    "ExpiryReminder",
    "ImportRow",
    "ImportState",
    "Licence",
    "LicenceEvent",
    "LicenceFile",
    "LicenceImport",
    "LicenceStatus",
    "OfficialLookup",
    "Outcome",
    "Reissue",
    "SigningKey",
]
