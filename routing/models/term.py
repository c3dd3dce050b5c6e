from django.db import models
from django.db.models import Q


class Term(models.Model):
    """A term or threshold that the city sets, with its basis (routing.terms names them). No value: not set."""

    code = models.CharField(max_length=40, unique=True, editable=False)
    name = models.CharField("名称", max_length=60, editable=False)
    unit = models.CharField("单位", max_length=20, editable=False)
    value = models.PositiveSmallIntegerField("数值", null=True, blank=True)
    basis = models.CharField("依据", max_length=200)

    class Meta:
        ordering = ["pk"]
        verbose_name = verbose_name_plural = "期限和阈值"
        constraints = [models.CheckConstraint(condition=~Q(basis=""), name="a_term_has_its_basis")]

    def __str__(self):
        return self.name
