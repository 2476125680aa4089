"""Tracking, the public map, the sign-in, the assets: what they tell, and what they must not."""

import gzip
import re
from dataclasses import replace
from datetime import timedelta

import pytest

from hadir.inbound.pages.assets import Assets
from hadir.inbound.pages.desk import Draft, Refused, Step
from hadir.inbound.pages.login import own_path

COLD_MOST = 30 * 1024  # issue: cold `/` on the wire before the photo


def tracked(twin, desk, stage: str = "asked", **more):
    made = twin.tracked_of(Draft(command_id="x" * 8, text="Air <selutut>"))
    desk.reports["rahasia"] = replace(made, stage=stage, **more)


def test_a_report_is_followed_in_plain_words_with_times(client, desk, twin) -> None:
    steps = (
        Step(code="received", at=twin.NOW - timedelta(days=1)),
        Step(code="given", at=twin.NOW, params=(("agency", "bpbd"),)),
        Step(code="dismissed", at=twin.NOW, params=(("why", "prank"),)),
    )
    tracked(twin, desk, "working", steps=steps)
    page = client.get("/l/rahasia").text
    assert "Diteruskan ke BPBD" in page and "13.41" in page and "23/11 13.41" in page
    assert "Laporan ini dinilai tidak benar" in page
    assert "Air &lt;selutut&gt;" in page
    assert "13:41" in client.get("/l/rahasia?lang=en").text


def test_the_question_is_asked_and_the_answer_goes_in_once(client, desk, twin) -> None:
    tracked(twin, desk)
    assert "Sudah benar-benar selesai?" in client.get("/l/rahasia").text
    fields = {"command_id": "jawab-1-7K2QX", "solved": "no", "text": "masih ada genangan"}
    answer = client.post("/l/rahasia/jawab", data=fields, follow_redirects=False)
    assert answer.status_code == 303 and answer.headers["location"] == "/l/rahasia"
    (secret, solved, text, command) = desk.answers[0]
    assert (secret, solved, text) == ("rahasia", False, "masih ada genangan")
    client.post("/l/rahasia/jawab", data=fields | {"solved": "yes"})
    assert desk.answers[1][3] != command
    assert "dibuka" not in client.get("/l/rahasia").text.lower()


def test_a_refused_answer_is_said_on_the_page(client, desk, twin) -> None:
    tracked(twin, desk)
    desk.refuse = Refused(code="not_yours")
    answer = client.post("/l/rahasia/jawab", data={"solved": "yes"})
    assert answer.status_code == 409 and "Jawaban belum tersimpan" in answer.text


def test_news_come_with_a_tag_and_no_news_are_short(client, desk, twin) -> None:
    tracked(twin, desk, "received")
    first = client.get("/l/rahasia/kabar")
    again = client.get("/l/rahasia/kabar", headers={"if-none-match": first.headers["etag"]})
    assert again.status_code == 304 and again.content == b""
    tracked(twin, desk, "working")
    assert client.get("/l/rahasia/kabar", headers={"if-none-match": first.headers["etag"]}).status_code == 200


def test_photos_belong_to_the_link(client, desk, twin) -> None:
    desk.photos = {"a" * 64: b"jpeg", "b" * 64: b"other"}
    tracked(twin, desk, photos=("a" * 64,))
    assert client.get(f"/l/rahasia/foto/{'a' * 64}").content == b"jpeg"
    assert client.get(f"/l/rahasia/foto/{'b' * 64}").status_code == 404
    assert client.get(f"/l/anderes/foto/{'a' * 64}").status_code == 404


@pytest.mark.parametrize("path", ["/l/tidakada", "/l/tidakada/kabar"])
def test_an_unknown_link_says_so(client, path: str) -> None:
    assert client.get(path).status_code == 404


def test_silence_is_not_dry(client, desk, twin) -> None:
    page = client.get("/peta").text
    assert "Belum ada kabar banjir" in page and "Belum ada kabar bukan berarti kering" in page
    assert "Belum ada kejadian yang sedang ditangani." in page
    desk.shown = twin.rainy(twin.load_city(twin.ROOT / "cities" / "blitar"))
    page = client.get("/peta").text
    for words in ("Banjir ditetapkan", "Banjir terkonfirmasi", "Dugaan banjir", "Mulai surut", "Sudah surut"):
        assert words in page
    assert page.index("Banjir ditetapkan") < page.index("Dugaan banjir")
    assert "Belum ada kabar: 16 kelurahan" in page
    assert "Putar ulang" in page and "Simulasi" in page


def test_demo_buttons_stand_only_in_the_demonstration(client, desk, twin) -> None:
    from litestar.testing import TestClient

    assert "Masuk sebagai" not in client.get("/masuk").text
    with TestClient(twin.make_app(desk, demo=True)) as demo:
        page = demo.get("/masuk?next=/pusat").text
        assert "Masuk sebagai Operator 1" in page and 'name="next" value="/pusat"' in page
        assert 'value="replay"' not in page
        assert "Peragaan" in demo.get("/").text


@pytest.mark.parametrize(
    ("path", "own"),
    [("/pusat", True), ("//x.example", False), ("https://x.example", False), ("/\\x.example", False), ("/a\nb", False)],
)
def test_a_sign_in_never_leads_to_strangers(path: str, own: bool) -> None:
    assert own_path(path) is own


def test_a_cold_visit_is_small(client, desk, twin) -> None:
    desk.shown = twin.rainy(twin.load_city(twin.ROOT / "cities" / "blitar"))
    page = client.get("/", headers={"accept-encoding": "identity"})
    parts = re.findall(r'(?:href|src)="(/aset/[^"]+)"', page.text)
    assert len(parts) >= 3
    total = len(gzip.compress(page.content, 6))
    for path in parts:
        asset = client.get(path)
        assert asset.status_code == 200 and "immutable" in asset.headers["cache-control"]
        total += len(gzip.compress(asset.content, 9))
    assert total < COLD_MOST, f"{total} bytes"


def test_an_asset_has_its_digest_in_its_name(twin) -> None:
    assets = Assets(twin.ROOT / "web" / "src" / "ui" / "css")
    before = assets.url("form.js")
    assets.add("form.js", "other")
    assert assets.url("form.js") != before
    assert assets.get(before.rpartition("/")[2]) is not None
