"""Draws the installed application's icons (PNG) as web/public/icon.svg draws the plain mark: a place, on a square.

`python tools/make_icons.py` writes web/public/icons/. Phones mask the «maskable» one to their own shape, so its mark
keeps to the inner four fifths.
"""

from pathlib import Path

from PIL import Image, ImageDraw

OUT = Path(__file__).resolve().parent.parent / "web/public/icons"
GROUND, MARK = "#0b5a66", "#ffffff"
#: drawn so many times larger, then reduced: smooth edges
FINE = 4


def draw(size: int, *, rounded: bool, scale: float) -> Image.Image:
    """The mark on a square of `size` pixels; `scale` 1 is the SVG's own (32 units)."""
    full = size * FINE
    unit = full / 32
    picture = Image.new("RGBA", (full, full), (0, 0, 0, 0) if rounded else GROUND)
    pen = ImageDraw.Draw(picture)
    if rounded:
        pen.rounded_rectangle((0, 0, full - 1, full - 1), radius=8 * unit, fill=GROUND)

    def at(x: float, y: float) -> tuple[float, float]:
        return (16 + (x - 16) * scale) * unit, (16 + (y - 16) * scale) * unit

    pen.ellipse((*at(8, 5), *at(24, 21)), fill=MARK)
    pen.polygon([at(9.2, 17.2), at(22.8, 17.2), at(16, 26)], fill=MARK)
    pen.ellipse((*at(13, 10), *at(19, 16)), fill=GROUND)
    return picture.resize((size, size), Image.Resampling.LANCZOS)


def main() -> None:
    OUT.mkdir(parents=True, exist_ok=True)
    for size in (192, 512):
        draw(size, rounded=True, scale=1).save(OUT / f"icon-{size}.png", optimize=True)
    draw(512, rounded=False, scale=0.8).save(OUT / "icon-maskable-512.png", optimize=True)
    # iOS rounds the corners itself, and shows black where a picture is transparent.
    draw(180, rounded=False, scale=0.9).convert("RGB").save(OUT / "apple-touch-icon.png", optimize=True)


if __name__ == "__main__":
    main()
