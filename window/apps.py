from django.apps import AppConfig


class WindowConfig(AppConfig):
    name = "window"
    verbose_name = "办事窗口"
