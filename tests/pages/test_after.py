"""Behind the link, after the report: more words and photos, the desk's question, before and after, the rating."""

from dataclasses import replace

import pytest

from hadir.inbound.pages.desk import Draft, Line, Refused, Step

JSON = {"accept": "application/json"}


def tracked(twin, desk, stage: str = "received", **more):
    made = twin.tracked_of(Draft(command_id="x" * 8, text="Air selutut"))
    desk.reports["rahasia"] = replace(made, stage=stage, **more)


def test_words_and_photos_are_added_without_script(client, desk, twin) -> None:
    tracked(twin, desk)
    page = client.get("/l/rahasia").text
    assert 'action="/l/rahasia/susulan"' in page and "Tambah kabar atau foto" in page
    files = [("photo", ("a.jpg", b"\xff\xd8a", "image/jpeg")), ("photo", ("b.jpg", b"\xff\xd8bb", "image/jpeg"))]
    fields = {"command_id": "command-1", "text": "Makin naik"}
    answer = client.post("/l/rahasia/susulan", data=fields, files=files, follow_redirects=False)
    assert answer.status_code == 303 and answer.headers["location"] == "/l/rahasia?terima=kabar"
    secret, said, command = desk.said[0]
    assert (secret, said.text, len(said.photos), command) == ("rahasia", "Makin naik", 2, "command-1")
    assert "sudah sampai" in client.get("/l/rahasia?terima=kabar").text


def test_what_cannot_be_stored_comes_back_with_words_and_photo(client, desk, twin) -> None:
    tracked(twin, desk)
    desk.refuse = Refused(code="follow_ups_fast", params=(("n", "8"),))
    files = {"photo": ("a.jpg", b"\xff\xd8a", "image/jpeg")}
    answer = client.post("/l/rahasia/susulan", data={"text": "Masih <naik>"}, files=files)
    assert answer.status_code == 409 and "Paling banyak 8 kabar" in answer.text
    assert "Masih &lt;naik&gt;" in answer.text and f"{3:064x}" in answer.text
    told = client.post("/l/rahasia/susulan", data={"text": "x"}, headers=JSON)
    assert told.status_code == 409 and "Paling banyak 8" in told.json()["says"]


def test_a_limit_keeps_the_words(client, desk, twin) -> None:
    tracked(twin, desk)
    desk.wait = 7
    answer = client.post("/l/rahasia/susulan", data={"text": "Masih naik"})
    assert answer.status_code == 429 and "7 detik" in answer.text and "Masih naik" in answer.text


def test_the_desk_s_question_is_answered_on_the_page(client, desk, twin) -> None:
    question = Line(kind="question", at=twin.NOW, text="Dekat <apa>?", agency="bpbd", id="01Q")
    tracked(twin, desk, question=question, lines=(question,))
    page = client.get("/l/rahasia/kabar").text
    assert "Pertanyaan untuk Anda" in page and "Dekat &lt;apa&gt;?" in page and "Dari BPBD" in page
    told = client.post("/l/rahasia/susulan", data={"question": "01Q", "text": "Musala"}, headers=JSON)
    assert told.json() == {"url": "/l/rahasia?terima=jawaban"}
    assert desk.said[0][1].id == "01Q"
    tracked(twin, desk, question=replace(question, agency=""))
    assert "Dari pusat komando" in client.get("/l/rahasia/kabar").text


def test_before_and_after_stand_side_by_side_where_the_question_is(client, desk, twin) -> None:
    tracked(twin, desk, "asked", photos=("a" * 64,), after_photos=("b" * 64,))
    desk.photos = {"a" * 64: b"before", "b" * 64: b"after", "c" * 64: b"other"}
    page = client.get("/l/rahasia/kabar").text
    assert page.index("Sebelum: foto Anda, 1 dari 1") < page.index("Sesudah: foto petugas, 1 dari 1")
    assert page.index("Sesudah") < page.index("Sudah benar-benar selesai?")
    assert client.get(f"/l/rahasia/foto/{'b' * 64}").content == b"after"
    tracked(twin, desk, "asked", after_photos=("b" * 64,))
    assert "Anda tidak mengirim foto." in client.get("/l/rahasia/kabar").text


def test_not_yet_takes_a_photo_along(client, desk, twin) -> None:
    tracked(twin, desk, "asked")
    files = {"photo": ("a.jpg", b"\xff\xd8a", "image/jpeg")}
    client.post("/l/rahasia/jawab", data={"solved": "no", "text": "masih"}, files=files)
    assert desk.answers[0][:3] == ("rahasia", False, "masih")
    assert "Ternyata sudah selesai?" in client.get("/l/rahasia").text


def test_the_result_is_rated_with_three_faces_and_can_be_changed(client, desk, twin) -> None:
    tracked(twin, desk, "confirmed", rateable=True)
    page = client.get("/l/rahasia").text
    assert page.count('name="result"') == 3 and "Nilai hasilnya, bukan orangnya." in page
    client.post("/l/rahasia/nilai", data={"result": "fair", "text": "lama"})
    assert desk.rated == [("rahasia", "fair", "lama")]
    tracked(twin, desk, "confirmed", rateable=True, rating="fair")
    page = client.get("/l/rahasia").text
    assert "Penilaian Anda: Lumayan" in page and "Ubah penilaian" in page
    tracked(twin, desk, "received")
    assert 'name="result"' not in client.get("/l/rahasia").text


@pytest.mark.parametrize(
    ("stage", "more", "words"),
    [
        ("confirmed", {"ended": True}, "Laporan ini sudah selesai. Kabar Anda tetap dibaca pusat komando."),
        ("dismissed", {"ended": True}, "Laporan ini sudah ditutup. Kabar Anda tetap dibaca pusat komando."),
        ("received", {"left": 0}, "Laporan ini sudah penuh."),
        ("received", {"left": 3}, "Masih bisa 3 kabar lagi."),
    ],
)
def test_the_page_says_what_happens_with_more_words(client, desk, twin, stage: str, more: dict, words: str) -> None:
    tracked(twin, desk, stage, **more)
    assert words in client.get("/l/rahasia").text


def test_what_was_said_is_shown_in_order_and_erased_words_say_so(client, desk, twin) -> None:
    lines = (
        Line(kind="follow_up", at=twin.NOW, text="satu", photos=("c" * 64,)),
        Line(kind="question", at=twin.NOW, text="dua?", id="01Q"),
        Line(kind="answer", at=twin.NOW),
    )
    steps = (Step(code="questioned", at=twin.NOW), Step(code="rated", at=twin.NOW, params=(("result", "good"),)))
    desk.photos = {"c" * 64: b"later"}
    tracked(twin, desk, lines=lines, steps=steps)
    page = client.get("/l/rahasia").text
    assert page.index("satu") < page.index("dua?") < page.index("Isinya sudah dihapus.")
    assert "Anda menilai hasilnya: Memuaskan" in page and "Ada pertanyaan untuk Anda" in page
    assert client.get(f"/l/rahasia/foto/{'c' * 64}").content == b"later"


@pytest.mark.parametrize("path", ["susulan", "nilai", "jawab"])
def test_an_unknown_link_takes_nothing(client, desk, path: str) -> None:
    assert client.post(f"/l/tidakada/{path}", data={"text": "x", "result": "good"}).status_code == 404
    assert not desk.said and not desk.rated and not desk.answers
