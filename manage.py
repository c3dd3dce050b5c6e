#!/usr/bin/env python3
import os
import sys

from django.core.management import execute_from_command_line

from portal import bare_machine

if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "portal.settings")
    bare_machine.prepare(sys.argv)
    execute_from_command_line(sys.argv)
