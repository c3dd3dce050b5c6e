"""What `manage.py bench` measures. Each section returns rows (what, figure) from one run; nothing here runs in CI."""
