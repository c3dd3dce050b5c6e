from tests.licensing.conftest import storage_folder  # noqa: F401
from tests.routing.conftest import city  # noqa: F401
