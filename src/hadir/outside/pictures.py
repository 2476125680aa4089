"""Pictures for simulated reports: plainly drawn, and saying so in big letters, so that nobody takes one for a photo."""

from __future__ import annotations

import io
import random

from PIL import Image, ImageDraw, ImageFont

SIZE = (800, 600)
LABEL = "FOTO SIMULASI"
SKIES = ("#8a97a3", "#77858f", "#9aa5ad", "#6d7a86")


def picture(name: str, caption: str, dry: bool = False) -> bytes:
    """A JPEG of about 20 KB; the same name gives the same bytes, another name other bytes. `dry`: when it is over."""
    chance = random.Random(name)
    image = Image.new("RGB", SIZE, chance.choice(SKIES))
    draw = ImageDraw.Draw(image)
    _houses(draw, chance)
    if dry:
        _street(draw, chance)
    else:
        _water(draw, chance, chance.randint(330, 470))
        _rain(draw, chance)
    _words(draw, caption)
    out = io.BytesIO()
    image.save(out, "JPEG", quality=70)
    return out.getvalue()


def _houses(draw: ImageDraw.ImageDraw, chance: random.Random) -> None:
    x = -30
    while x < SIZE[0]:
        width, top = chance.randint(90, 190), chance.randint(190, 300)
        wall = chance.choice(("#d9d2c3", "#c8bfae", "#b9c4c0", "#d5c6b5"))
        draw.rectangle((x, top, x + width, 560), fill=wall)
        draw.polygon([(x - 14, top), (x + width / 2, top - 60), (x + width + 14, top)], fill="#8c5a4a")
        draw.rectangle((x + width * 0.35, top + 70, x + width * 0.62, 560), fill="#6b5b4d")
        x += width + chance.randint(16, 60)


def _water(draw: ImageDraw.ImageDraw, chance: random.Random, level: int) -> None:
    draw.rectangle((0, level, *SIZE), fill="#7c7059")
    for _ in range(60):
        x, y = chance.randint(-40, SIZE[0]), chance.randint(level + 6, SIZE[1])
        draw.arc((x, y, x + chance.randint(40, 120), y + 14), 200, 340, fill="#9a8d73", width=3)


def _street(draw: ImageDraw.ImageDraw, chance: random.Random) -> None:
    """Wet ground and the puddles that are left."""
    draw.rectangle((0, 540, *SIZE), fill="#8b8578")
    for _ in range(6):
        x, y = chance.randint(0, SIZE[0]), chance.randint(550, 585)
        draw.ellipse((x, y, x + chance.randint(50, 130), y + 10), fill="#a3adb3")


def _rain(draw: ImageDraw.ImageDraw, chance: random.Random) -> None:
    for _ in range(160):
        x, y = chance.randint(0, SIZE[0]), chance.randint(0, SIZE[1])
        draw.line((x, y, x - 5, y + 22), fill="#c9d2d8", width=1)


def _words(draw: ImageDraw.ImageDraw, caption: str) -> None:
    large, small = ImageFont.load_default(64), ImageFont.load_default(24)
    draw.rectangle((0, 20, SIZE[0], 130), fill="#1c2125")
    draw.text((SIZE[0] / 2, 62), LABEL, font=large, fill="#ffffff", anchor="mm")
    draw.text((SIZE[0] / 2, 112), caption[:60], font=small, fill="#bac2c8", anchor="mm")
