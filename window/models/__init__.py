from window.models.entry import Entry, Kind
from window.models.handover import Handover
from window.models.receipt import Receipt, ReceiptNumber

__all__ = ["Entry", "Handover", "Kind", "Receipt", "ReceiptNumber"]
