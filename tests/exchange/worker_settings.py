from portal.settings import *  # noqa: F403
from tests.exchange.kinds import EVENT_HANDLERS  # noqa: F401
