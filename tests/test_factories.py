from licensing.identifiers import check_uscc
from tests import factories
from tests.factories import uscc_of


def test_every_factory_makes_a_row(db):
    for name in dir(factories):
        if name.endswith("Factory") and name != "DjangoModelFactory":
            getattr(factories, name)()


def test_a_task_is_made_in_every_state(db):
    for trait in ("waiting", "accepted", "granted", "refused"):
        factories.ApprovalTaskFactory(**{trait: True})


def test_a_made_up_uscc_is_well_formed():
    for serial in range(10_000_000, 10_000_200):
        assert check_uscc(uscc_of(serial)) == uscc_of(serial)
