"""One valid file for each licence, whatever happens to the worker."""

import os
import time

import pytest

from certificates import seals
from certificates.elicences import layout, making, sealing, storage, verifying
from certificates.models import LicenceFile
from exchange import pdf
from exchange.models import Event
from tests.certificates.elicences.conftest import bytes_of, taken_apart
from tests.factories import LicenceFactory


class Killed(BaseException):
    """As when the process is gone: no handler sees it."""


def genuine(file):
    return verifying.judge(bytes_of(file), taken_apart(bytes_of(file))).genuine


def kept_in(folder):
    return [path for path in (folder / "licences").rglob("*") if path.is_file()]


def test_a_worker_makes_one_file_and_a_second_run_changes_nothing(made, storage_folder):
    file = made()
    assert (file.attempts, file.problem, file.size) == (1, "", len(bytes_of(file)))
    making.make_for(file.licence_id)
    assert not making.make(file.pk)
    assert LicenceFile.objects.get() == file
    assert len(kept_in(storage_folder)) == 1


@pytest.mark.parametrize(
    ("module", "step"),
    [
        (making, "_count"),
        (seals, "sign"),
        (layout, "drawn"),
        (sealing, "sealed"),
        (storage, "write"),
    ],
)
def test_a_worker_killed_after_any_step_leaves_one_valid_file_in_the_end(
    key, licence, storage_folder, monkeypatch, module, step
):
    file, real = making.ask(licence()), getattr(module, step)

    def killed(*arguments, **options):
        real(*arguments, **options)
        raise Killed

    monkeypatch.setattr(module, step, killed)
    with pytest.raises(Killed):
        making.make(file.pk)
    monkeypatch.setattr(module, step, real)
    left = set(kept_in(storage_folder))
    assert making.make(file.pk)
    file.refresh_from_db()
    assert genuine(file)
    for path in left:
        os.utime(path, (time.time() - 7200, time.time() - 7200))
    assert len(storage.sweep()) == len(left)
    assert [path.name for path in kept_in(storage_folder)] == [os.path.basename(file.content.name)]


def test_a_worker_killed_after_the_row_was_written_has_made_the_file(key, licence, storage_folder, monkeypatch):
    file = making.ask(licence())

    told = making._told

    def killed(*arguments, **columns):
        told(*arguments, **columns)
        raise Killed

    monkeypatch.setattr(making, "_told", killed)
    with pytest.raises(Killed):
        making.make(file.pk)
    assert not making.make(file.pk)
    assert genuine(LicenceFile.objects.get())


def test_of_two_workers_one_writes_and_the_bytes_of_the_other_go(key, licence, storage_folder, monkeypatch):
    file, write = making.ask(licence()), storage.write

    def overtaken(content):
        monkeypatch.setattr(storage, "write", write)
        assert making._made(making._wanted(file.pk), key)
        return write(content)

    monkeypatch.setattr(storage, "write", overtaken)
    assert not making.make(file.pk)
    assert len(kept_in(storage_folder)) == 1


def test_asking_again_asks_once(licence):
    one = licence()
    assert making.ask(one) == making.ask(one)
    assert Event.objects.filter(kind="elicence.wanted").count() == 1


def test_a_licence_without_an_identifier_waits_and_says_why(key):
    file = making.ask(LicenceFactory())
    assert not making.make(file.pk)
    file.refresh_from_db()
    assert (file.attempts, file.problem) == (0, making.NO_IDENTIFIER)
    assert making.sweep() == 0


def test_a_process_without_a_key_counts_no_attempt(licence, settings):
    settings.LICENCE_KEY_FILE = ""
    file = making.ask(licence())
    assert not making.make(file.pk)
    file.refresh_from_db()
    assert file.attempts == 0
    assert "没有签章密钥" in file.problem


def test_without_a_font_the_file_waits(key, licence, monkeypatch):
    monkeypatch.setattr(pdf, "can_draw", lambda letters: False)
    file = making.ask(licence())
    assert not making.make(file.pk)
    file.refresh_from_db()
    assert file.attempts == 0
    assert "没有装中文字体" in file.problem


def test_what_fails_again_and_again_is_given_up_until_somebody_asks(key, licence, monkeypatch, later):
    def broken(*_, **__):
        raise RuntimeError

    monkeypatch.setattr(layout, "drawn", broken)
    file = making.ask(licence())
    for _ in range(8):
        later(24 * 3600)
        making.sweep()
    file.refresh_from_db()
    assert file.attempts == making.MAX_ATTEMPTS
    assert file.problem
    assert making.ask(file.licence).attempts == 0


def test_the_sweep_makes_what_was_left_behind(key, licence, storage_folder, later):
    making.ask(licence())
    assert making.sweep() == 0
    later(60)
    assert making.sweep() == 1


def test_files_of_a_development_key_are_made_anew_once_a_real_key_signs(made, real_key, later):
    sample = made()
    real_key()
    later(60)
    making.sweep()
    later(60)
    making.sweep()
    sample.refresh_from_db()
    now = LicenceFile.objects.current().get()
    assert (sample.replaced_at is None, now.key.development, now.made_at is None) == (False, False, False)
    assert genuine(now)
