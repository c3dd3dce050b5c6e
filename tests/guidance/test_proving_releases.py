"""Nothing is published unproven; what a release was proven by is kept with it and can be had again."""

import pytest
from django.core.management import CommandError, call_command

from guidance import loading, releases
from guidance.models import Release
from tests.guidance.broken import write

pytestmark = pytest.mark.usefixtures("nothing_published")


def test_an_unsound_catalogue_is_not_published(tmp_path):
    write("idle_notice", tmp_path)
    with pytest.raises(CommandError, match="永远不会出现") as caught:
        call_command("load_catalogue", tmp_path)
    assert '这样答就会遇到：{"answers": {' in str(caught.value)
    assert not Release.objects.exists()


def test_its_hash_is_kept_and_can_be_had_again(documents, capsys):
    release, _ = loading.publish(documents)
    assert release.proof_sha256 == loading.proven(releases.documents(release)).sha256
    call_command("prove_catalogue", release=release.number)
    assert f"证明的指纹，与发布时的一致：{release.proof_sha256}" in capsys.readouterr().out


def test_another_content_has_another_hash(documents):
    first = loading.proven(documents).sha256
    documents["items"]["items"][0]["plain"] += "。"
    assert loading.proven(documents).sha256 != first


def test_a_proof_that_does_not_agree_is_told(documents):
    release, _ = loading.publish(documents, check=None)
    with pytest.raises(CommandError, match="没有留下证明") as caught:
        call_command("prove_catalogue", release=release.number)
    assert caught.value.returncode == 1


def test_a_release_that_is_not_there():
    with pytest.raises(CommandError, match="没有已发布的第7版") as caught:
        call_command("prove_catalogue", release=7)
    assert caught.value.returncode == 2
