"""Codes as a printer would draw them, for a scanner to read."""

import re

from PIL import Image, ImageDraw


def drawn(svg, scale=4):
    """The bars of one of our codes as a picture, as a printer would draw them."""
    width, height = (float(one) for one in re.search(r'viewBox="0 0 (\S+) (\S+)"', svg).groups())
    stretch = scale * (3 if height < width / 2 else 1)
    picture = Image.new("L", (int(width * scale), int(height * stretch)), 255)
    pen = ImageDraw.Draw(picture)
    for x, y, w, h in re.findall(r"M(\d+),(\d+)h(\d+)v(\d+)", svg):
        x, y, w, h = int(x), int(y), int(w), int(h)
        pen.rectangle([x * scale, y * stretch, (x + w) * scale - 1, (y + h) * stretch - 1], fill=0)
    for x, y in re.findall(r"M(\d+),(\d+)H", svg):
        x, y = int(x), int(y)
        pen.rectangle([x * scale, y * scale, (x + 1) * scale - 1, (y + 1) * scale - 1], fill=0)
    return picture
