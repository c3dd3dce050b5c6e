from django.contrib.auth.models import AbstractUser
from django.db import models


class User(AbstractUser):
    """A person who signs in. What they may do follows from memberships, posts and clerkships, not from fields here."""

    first_name = last_name = None
    name = models.CharField("姓名", max_length=50, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "用户"

    def __str__(self):
        return self.name or self.username

    def get_full_name(self):
        return str(self)

    get_short_name = get_full_name


class Consent(models.Model):
    """Which version of which notice a person agreed to, and when (PIPL art. 14)."""

    user = models.ForeignKey(User, models.CASCADE, related_name="consents")
    document = models.CharField(max_length=30)
    version = models.CharField(max_length=20)
    agreed_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["user", "document", "version"], name="one_consent_per_version"),
        ]
