from tests.licensing.conftest import storage_folder  # noqa: F401
from tests.routing.conftest import city, first_terms  # noqa: F401
