"""Words of the pages on licences."""

# By the event of the licence's log.
EVENTS = {
    "issued": "发证",
    "imported": "录入已有证照",
    "identified": "给出电子证照标识",
    "annulled": "撤销",
    "withdrawn": "撤回",
    "cancelled": "注销",
}
