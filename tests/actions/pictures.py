"""Made-up photos with light and dark in them, and what lazy hands do to one. Deterministic by their number."""

import io

import numpy as np
from PIL import Image, ImageDraw, ImageEnhance


def scene(number: int, size: tuple[int, int] = (640, 480)) -> Image.Image:
    """Noise of several octaves, a sky, some shapes: not a photograph, but with its frequencies."""
    random = np.random.default_rng(number)
    width, height = size
    light = np.zeros((height, width), np.float32)
    fall = random.uniform(0.8, 1.6)
    for octave in range(1, 8):
        count = 2**octave
        grid = random.normal(size=(count + 1, count + 1)).astype(np.float32)
        light += np.asarray(Image.fromarray(grid).resize(size, Image.Resampling.BICUBIC)) * count**-fall
    light = light / light.std() * random.uniform(15, 50) + random.uniform(80, 160)
    sky = random.uniform(-60, 60)
    light += np.linspace(sky, -sky, height, dtype=np.float32)[:, None]
    tint = random.uniform(0.8, 1.2, 3).astype(np.float32)
    picture = Image.fromarray(np.clip(light[:, :, None] * tint, 0, 255).astype(np.uint8))
    draw = ImageDraw.Draw(picture)
    for _ in range(int(random.integers(0, 8))):
        x, y = random.uniform(0, width), random.uniform(0, height)
        a, b = random.uniform(10, width / 6), random.uniform(10, height / 6)
        shape = draw.ellipse if random.random() < 0.5 else draw.rectangle
        shape((x - a, y - b, x + a, y + b), fill=tuple(int(c) for c in random.integers(0, 256, 3)))
    return picture


def cropped(picture: Image.Image, share: float, left: float, top: float) -> Image.Image:
    """`share` of each side is lost; `left` and `top` say how much of that on the first side, 0 … 1."""
    width, height = picture.size
    lost_x, lost_y = width * share, height * share
    x, y = lost_x * left, lost_y * top
    return picture.crop((round(x), round(y), round(x + width - lost_x), round(y + height - lost_y)))


def brightened(picture: Image.Image, times: float) -> Image.Image:
    return ImageEnhance.Brightness(picture).enhance(times)


def resized(picture: Image.Image, times: float) -> Image.Image:
    return picture.resize((round(picture.width * times), round(picture.height * times)))


def jpeg(picture: Image.Image, quality: int = 85, **more: object) -> bytes:
    out = io.BytesIO()
    picture.save(out, "JPEG", quality=quality, **more)
    return out.getvalue()
