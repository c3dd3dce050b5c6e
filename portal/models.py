from django.contrib.auth.models import AbstractUser
from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower
from django.utils.functional import cached_property


class User(AbstractUser):
    """A person who signs in. What they may do follows from memberships, posts and clerkships, not from fields here."""

    first_name = last_name = None
    name = models.CharField("姓名", max_length=50, blank=True)
    # Where text messages go, if the person wants them.
    phone = models.CharField("手机号", max_length=20, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "用户"
        constraints = [
            # People sign in by it. Two clicks on "sign up" at once must not make two accounts.
            models.UniqueConstraint(
                Lower("email"),
                condition=~Q(email=""),
                name="one_account_per_email",
                violation_error_message="这个邮箱已经注册过。",
            ),
        ]

    def __str__(self):
        return self.name or self.username

    def get_full_name(self):
        return str(self)

    get_short_name = get_full_name

    # Asked anew in each request, so that a post or clerkship taken away is gone at once.
    @cached_property
    def is_clerk(self):
        return self.clerkships.exists()

    @cached_property
    def is_officer(self):
        return self.is_superuser or self.posts.exists()


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
