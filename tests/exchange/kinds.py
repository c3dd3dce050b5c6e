"""The kinds of events of these tests and who answers them. Settings import this, so it imports nothing."""

EVENT_HANDLERS = {
    "noted": [],
    "plain": ["tests.exchange.handlers.note"],
    "double": ["tests.exchange.handlers.note", "tests.exchange.handlers.fail"],
    "failing": ["tests.exchange.handlers.fail"],
    "lingering": ["tests.exchange.handlers.linger"],
    "outside": ["tests.exchange.handlers.call_outside"],
    "message.written": ["exchange.letters.send", "exchange.texts.send"],
}
