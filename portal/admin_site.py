"""The staff's site: officers find their offices' queue, operators what a city sets up. Denied unless granted."""

from django.conf import settings
from django.contrib import admin
from django.contrib.auth.views import redirect_to_login
from django.http import Http404
from django.shortcuts import redirect, render
from django.urls import include, path, reverse

from routing.queue import figures_for


class PortalAdminSite(admin.AdminSite):
    site_header = site_title = "审批工作台"
    index_title = "我的工作"
    enable_nav_sidebar = False

    def has_permission(self, request):
        # A post or the operator's mark lets somebody in; is_staff alone does not.
        return request.user.is_authenticated and request.user.is_active and request.user.is_officer

    def get_urls(self):
        # Only what has a page here: no password forms, look-ups or redirects by primary key.
        models = (
            path(f"{model._meta.app_label}/{model._meta.model_name}/", include(model_admin.urls))
            for model, model_admin in self._registry.items()
        )
        return [
            path("", self.admin_view(self.index), name="index"),
            path("login/", self.login, name="login"),
            path("logout/", self.logout, name="logout"),
            *models,
        ]

    @property
    def urls(self):
        return self.get_urls(), "admin", self.name

    def index(self, request, extra_context=None):
        context = {"offices": figures_for(request.user), "models": self._models(request)}
        return render(request, "admin/index.html", context)

    def login(self, request, extra_context=None):
        """Signing in is one page for everybody; who is signed in without a post learns nothing of this site."""
        if request.user.is_authenticated and not self.has_permission(request):
            raise Http404
        if not request.user.is_authenticated:
            return redirect_to_login(request.GET.get("next") or reverse("admin:index"), settings.LOGIN_URL)
        return redirect("admin:index")

    def logout(self, request, extra_context=None):
        return redirect("account_logout")

    def get_app_list(self, request, app_label=None):
        return []  # the index lists what there is; Django's list would link pages that we do not have

    def _models(self, request):
        """The models this user may set up, as (name, address)."""
        admins = (each for each in self._registry.values() if each.has_module_permission(request))
        return [(getattr(each, "title", "") or each.opts.verbose_name, _list_of(each.opts)) for each in admins]


def _list_of(opts):
    return reverse(f"admin:{opts.app_label}_{opts.model_name}_changelist")
