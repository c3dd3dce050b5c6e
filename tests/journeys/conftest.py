import pytest

from portal.servers import temporary_place
from tests.chromium import chromium
from tests.journeys import stack as stacks


@pytest.fixture(scope="module")
def stack(request):
    """The whole portal running, with its demo city, for one module of tests."""
    name = request.module.__name__.rpartition(".")[2]
    folder = temporary_place()
    with stacks.running(folder, name) as running:
        yield running


@pytest.fixture(scope="module")
def browser():
    with chromium() as running:
        yield running


@pytest.fixture(scope="session")
def paper(tmp_path_factory):
    """A paper to hand in: a small but real PNG picture."""
    from PIL import Image

    path = tmp_path_factory.mktemp("papers") / "材料.png"
    Image.new("RGB", (640, 900), "white").save(path)
    return path
