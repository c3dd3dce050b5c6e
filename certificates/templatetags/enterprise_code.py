from django import template

from certificates import qr

register = template.Library()
register.simple_tag(qr.public_address, name="public_address")
