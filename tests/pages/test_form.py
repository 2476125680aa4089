"""The report form without script: plain multipart in, a tracking page out, nothing typed lost on the way."""

import re
from html.parser import HTMLParser

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hadir.inbound.pages import form
from hadir.inbound.pages.desk import Refused

JPEG = b"\xff\xd8 a picture"


class Inputs(HTMLParser):
    """Names and values of a form's fields, as a browser would send them back."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.values: dict[str, str] = {}
        self.ids: list[str] = []
        self._area = False
        self._select = ""
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        found = dict(attrs)
        if found.get("id"):
            self.ids.append(str(found["id"]))
        if tag == "select":
            self._select = str(found["name"])
        if tag == "option" and "selected" in found:
            self.values[self._select] = str(found["value"])
        if tag == "textarea":
            self._area, self.values[str(found["name"])] = True, ""
        if tag == "input" and found.get("type") == "radio" and "checked" not in found:
            return
        if tag == "input" and found.get("name"):
            self.values.setdefault(str(found["name"]), found.get("value") or "")

    def handle_endtag(self, tag: str) -> None:
        self._area = self._area and tag != "textarea"

    def handle_data(self, data: str) -> None:
        if self._area:
            self.values["text"] = data.removeprefix("\n")


def send(client, fields: dict[str, str], photo: bytes | None = None, **headers: str):
    files = {"photo": ("foto.jpg", photo, "image/jpeg")} if photo is not None else {"photo": ("", b"", "image/jpeg")}
    return client.post("/lapor", data=fields, files=files, headers=headers, follow_redirects=False)


def area_of(twin, name: str) -> str:
    city = twin.load_city(twin.ROOT / "cities" / "blitar")
    return next(a.code for a in city.areas if a.name == name)


def test_a_report_without_script_ends_on_its_tracking_page(client, desk, twin) -> None:
    first = client.get("/")
    assert first.status_code == 200
    fields = Inputs(first.text).values
    assert re.fullmatch(r"\d{26}", fields["command_id"])
    code = area_of(twin, "Plosokerep")
    answer = send(client, fields | {"text": "Air selutut di gang", "area": code, "rt": "2", "rw": "01"}, JPEG)
    assert answer.status_code == 303
    draft = desk.drafts[fields["command_id"]]
    assert (draft.text, draft.area, draft.rt, draft.rw, draft.how) == ("Air selutut di gang", code, 2, 1, "list")
    assert len(draft.photos) == 1
    page = client.get(answer.headers["location"])
    assert "Laporan Anda diterima" in page.text
    assert "Air selutut di gang" in page.text
    assert "Plosokerep RT 2 RW 1" in page.text


def test_a_double_press_is_one_report(client, desk) -> None:
    fields = Inputs(client.get("/").text).values | {"text": "Banjir di Gedog"}
    first, second = send(client, fields), send(client, fields)
    assert first.headers["location"] == second.headers["location"]
    assert len(desk.drafts) == 1


def test_a_used_id_with_other_words_is_explained_and_gets_a_new_id(client, desk) -> None:
    fields = Inputs(client.get("/").text).values | {"text": "Banjir di Gedog"}
    send(client, fields)
    again = send(client, fields | {"text": "Pohon tumbang di Gedog"})
    assert again.status_code == 422
    assert "Laporan tadi sudah diterima" in again.text
    assert Inputs(again.text).values["command_id"] != fields["command_id"]
    assert Inputs(again.text).values["text"] == "Pohon tumbang di Gedog"


def test_a_mistake_keeps_everything_typed_and_the_photo(client, desk) -> None:
    typed = Inputs(client.get("/").text).values | {
        "text": "",
        "rt": "dua",
        "words": 'depan <b>musala</b> "besar"',
        "name": "Warga Satu",
        "phone": "0812",
        "area": "?",
    }
    answer = send(client, typed)
    assert answer.status_code == 422
    back = Inputs(answer.text).values
    assert back["words"] == typed["words"] and "<b>musala" not in answer.text
    assert (back["rt"], back["name"], back["phone"], back["area"]) == ("dua", "Warga Satu", "0812", "?")
    for sentence in ("Tulis dulu ada apa", "RT dan RW berupa angka", "8 sampai 15 angka"):
        assert sentence in answer.text
    assert not desk.drafts
    with_photo = send(client, typed, JPEG)
    assert Inputs(with_photo.text).values["photos"] == next(iter(desk.photos))
    mended = send(client, Inputs(with_photo.text).values | {"rt": "2", "phone": "0812 3456 7890", "text": "Banjir"})
    assert mended.status_code == 303
    assert next(iter(desk.drafts.values())).photos == tuple(desk.photos)


def test_a_photo_alone_is_a_report_and_a_lying_file_is_said_so(client, desk) -> None:
    fields = Inputs(client.get("/").text).values | {"area": "?"}
    assert send(client, fields, b"MZ not a picture").status_code == 422
    assert "Foto ini tidak terbaca" in send(client, fields, b"MZ not a picture").text
    assert send(client, fields, JPEG).status_code == 303


@pytest.mark.parametrize(
    "said",
    [{"area": "?"}, {"area": "-"}, {"words": "dekat pasar"}, {"lat": "-8.1", "lon": "112.16"}],
)
def test_any_answer_to_where_is_enough(client, said: dict[str, str]) -> None:
    fields = Inputs(client.get("/").text).values | {"text": "Air naik"}
    assert send(client, fields | said).status_code == 303


def test_no_place_at_all_is_asked_for_once_unless_the_words_name_it(client, desk) -> None:
    fields = Inputs(client.get("/").text).values
    asked = send(client, fields | {"text": "Air naik"})
    assert asked.status_code == 422 and "Pilih kelurahan" in asked.text
    assert send(client, fields | {"text": "air naik di PLOSOKEREP!"}).status_code == 303


def test_a_tap_on_the_picture_of_the_map_comes_back_with_the_area(client, desk, twin) -> None:
    site = twin.make_site(desk)
    shape = next(s for s in site.drawing.shapes if s.name == "Plosokerep")
    fields = Inputs(client.get("/").text).values | {"text": "Air selutut"}
    tapped = send(client, fields | {"tap.x": str(shape.x), "tap.y": str(shape.y)}, JPEG)
    assert tapped.status_code == 200 and not desk.drafts
    back = Inputs(tapped.text).values
    assert back["near"] == shape.code and back["how"] == "tap" and back["text"] == "Air selutut"
    assert back["photos"]
    assert send(client, back).status_code == 303
    (draft,) = desk.drafts.values()
    assert draft.area == shape.code and draft.how == "tap"
    assert abs(site.drawing.point(draft.lat, draft.lon)[0] - shape.x) <= 1


def test_the_choice_among_the_nearest_wins_over_the_list(client, desk, twin) -> None:
    fields = Inputs(client.get("/").text).values | {"text": "x", "area": area_of(twin, "Gedog")}
    send(client, fields | {"near": area_of(twin, "Sentul"), "lat": "-8.08", "lon": "112.18"})
    (draft,) = desk.drafts.values()
    assert draft.area == area_of(twin, "Sentul")


def test_a_limit_keeps_the_words(client, desk) -> None:
    desk.wait = 7
    fields = Inputs(client.get("/").text).values | {"text": "Banjir di Gedog"}
    answer = send(client, fields)
    assert answer.status_code == 429 and "Tunggu 7 detik" in answer.text
    assert Inputs(answer.text).values["text"] == "Banjir di Gedog"


def test_a_full_disk_keeps_the_id_so_that_sending_again_is_the_same_report(client, desk) -> None:
    desk.refuse = Refused(code="disk_full")
    fields = Inputs(client.get("/").text).values | {"text": "Banjir di Gedog"}
    answer = send(client, fields)
    assert answer.status_code == 503 and "Penyimpanan kami hampir penuh." in answer.text
    assert Inputs(answer.text).values["command_id"] == fields["command_id"]


def test_the_script_gets_the_same_answers_as_json(client, desk) -> None:
    fields = Inputs(client.get("/").text).values
    wrong = send(client, fields | {"text": ""}, accept="application/json")
    assert wrong.status_code == 422
    assert {p["field"] for p in wrong.json()["problems"]} == {"text"}
    right = send(client, fields | {"text": "Banjir di Gedog"}, accept="application/json")
    assert right.status_code == 201 and right.json()["url"].startswith("/l/")


def test_english_is_one_press_away_and_stays(client) -> None:
    page = client.get("/?lang=en")
    assert "What is wrong?" in page.text and 'lang="en"' in page.text
    assert "What is wrong?" in client.get("/").text
    assert "Ada apa?" in client.get("/?lang=id").text


def test_ids_on_the_page_are_unique_and_nothing_is_inline(client, desk, twin) -> None:
    desk.shown = twin.rainy(twin.load_city(twin.ROOT / "cities" / "blitar"))
    for path in ("/", "/peta", "/masuk"):
        page = client.get(path).text
        ids = Inputs(page).ids
        assert len(ids) == len(set(ids)), path
        assert not re.search(r"\son\w+=|\sstyle=|<style|<script(?![^>]*\ssrc=)", page), path


def test_me_too_is_a_report_of_its_own_with_a_link_and_a_second_press_is_the_same(client, desk, twin) -> None:
    desk.shown = twin.rainy(twin.load_city(twin.ROOT / "cities" / "blitar"))
    page = client.get("/").text
    assert "Saya juga" in page and "Simulasi" in page
    presses = [
        client.post("/juga", data={"incident": i}, follow_redirects=False) for i in ("01INC0", "01INC1", "01INC0")
    ]
    assert [answer.status_code for answer in presses] == [303] * 3
    assert presses[0].headers["location"] == presses[2].headers["location"]
    assert [draft.same for draft in desk.drafts.values()] == ["01INC0", "01INC1"]
    assert "sudah selesai" in client.post("/juga", data={"incident": "01GONE"}).text
    assert len(desk.drafts) == 2


@given(
    st.dictionaries(st.sampled_from(["text", "rt", "rw", "lat", "lon", "area", "phone", "how", "photos"]), st.text())
)
def test_no_typing_breaks_the_reading(fields: dict[str, str]) -> None:
    from types import SimpleNamespace

    city = SimpleNamespace(area_by_code={"a": None}, areas=(), category_by_code={})
    draft, problems = form.read(fields, city, "newid123")  # type: ignore[arg-type]
    assert (draft.lat is None) == (draft.lon is None)
    assert draft.lat is None or abs(draft.lat) <= 90
    assert draft.rt is None or 1 <= draft.rt <= 99
    assert "\x00" not in draft.text
    if not (draft.text or draft.photos or draft.voice or draft.same):
        assert any(p.code == "text_empty" for p in problems)
