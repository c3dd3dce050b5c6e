from django.contrib import admin


class PortalAdminSite(admin.AdminSite):
    site_header = "一照通行 审批工作台"
    site_title = "审批工作台"
    index_title = "我的工作"
