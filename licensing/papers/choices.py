"""What the applicant decided about a paper: a row of the draft says that they hand it in, or leave it for later."""

from dataclasses import replace

from licensing.models import How

OWN_CHOICE = "您选择自己上传"


def as_chosen(paper, row):
    """The paper as decided. row: its SubmittedMaterial in the draft, or None."""
    if row is None:
        return paper
    if row.how == How.DEFERRED and paper.uploaded and paper.later:
        # Where an item now chosen needs it at once, or a licence has come that is the paper, the choice is void.
        later = f"受理后 {paper.later.days} 个工作日内补交，{paper.later.method}"
        return replace(paper, how=How.DEFERRED, note=later)
    if row.how != How.UPLOAD:
        return paper
    files = tuple(row.files.all())
    if paper.uploaded:
        return replace(paper, files=files)
    # Handed in while it was still asked for: a promise chosen since then stands for it, anything else not.
    if row.note == OWN_CHOICE or (files and paper.how not in (How.PROMISE, How.GENERATED, How.ITEM_RESULT)):
        promised = "，事项仍按告知承诺办理" if paper.how == How.PROMISE else ""
        return replace(paper, how=How.UPLOAD, note=OWN_CHOICE + promised, files=files, otherwise=paper, warning="")
    return paper
