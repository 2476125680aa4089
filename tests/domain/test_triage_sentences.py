"""What people write, and what the demo city's pack must make of it. Written for this test; nobody reported them.

Each line: the words → category, urgency 1..4, depth in cm, water now. The pack's words are changed with this table in
view; a sentence that goes wrong in use belongs here first.
"""

from pathlib import Path

import pytest

from hadir.domain.city import City
from hadir.domain.triage import triage
from hadir.storage.citypack import load_city

PACK = Path(__file__).parents[2] / "cities" / "blitar"

SENTENCES = [
    # ── water
    ("Air selutut di gang, RT 2 RW 1 Plosokerep", "flood", 3, 45, True),
    ("banjir", "flood", 3, None, True),
    ("BANJIRRRR tolong pak, air sepinggang, ada bayi di dalam rumah", "flood", 4, 90, True),
    ("Banyu wis mlebu omah sak dengkul, ono mbah lumpuh", "flood", 4, 45, True),
    ("Air setinggi 30 cm di depan rumah, masih hujan deras", "flood", 3, 30, True),
    ("banjir kira-kira setengah meter di jalan kampung", "flood", 3, 50, True),
    ("Banjir 1,5 m, warga naik ke atap", "flood", 4, 150, True),
    ("air 30-40 cm banjir belum surut", "flood", 3, 40, True),
    ("Banjir semata kaki saja", "flood", 3, 10, True),
    ("Banjir semata kaki, tidak masuk rumah", "flood", 2, 10, True),
    ("Air selutut, belum masuk rumah", "flood", 3, 45, True),  # the depth has a floor
    ("Air sebetis kemarin, sekarang sudah kering", "flood", 2, None, False),
    ("Jalan berlubang, minggu lalu ada anak terperosok", "road_damage", 3, None, False),
    ("Jalan berlubang sejak minggu lalu, takut ada yang terperosok", "road_damage", 2, None, False),
    ("Bukan pohon tumbang, cuma dahan kecil jatuh", "tree_fallen", 2, None, False),
    ("Tidak ada yang hanyut", "other", 1, None, False),
    ("Banjir sudah surut, terima kasih", "flood", 2, None, False),
    ("Air mulai surut tapi masih sebetis", "flood", 2, 25, True),
    ("Di sini tidak banjir, cuma got mampet", "drain", 2, None, False),
    ("Sampai sekarang belum ada banjir", "other", 1, None, False),
    ("Setiap hujan banjir, tolong salurannya dibenahi", "flood", 2, None, False),
    ("Daerah ini rawan banjir", "flood", 2, None, False),
    ("Sungai meluap ke kampung, air sedada", "river_overflow", 4, 120, True),
    ("Tanggul 1 m ambrol, air selutut sampai sedada masuk rumah", "levee", 4, 120, True),
    ("Jalan tergenang, motor banyak mogok", "ponding", 2, None, True),
    ("Selokan buntu penuh sampah, air tidak mengalir", "drain", 2, None, False),
    ("gorong-gorong tersumbat lumpur", "drain", 2, None, False),
    ("ada anak hanyut di kali", "rescue", 4, None, False),
    ("Banjir lahar turun, warga diminta menjauh", "lahar", 4, None, True),
    # ── trees: a word apart
    ("Pohon rawan tumbang di depan sekolah, mohon dipangkas", "tree_risk", 2, None, False),
    ("Pohon besar sudah tumbang menimpa kabel listrik dan menutup jalan", "tree_fallen", 4, None, False),
    ("wit ambruk nutupi dalan", "tree_fallen", 3, None, False),
    ("Pohon tumbang menimpa pengendara, orangnya tidak sadar", "tree_fallen", 4, None, False),
    ("Pohon belum tumbang tapi sudah miring sekali", "tree_risk", 2, None, False),
    ("Mohon pangkas pohon di depan rumah, rantingnya rimbun", "tree_prune", 1, None, False),
    # ── other dangers
    ("Tebing longsor menutup jalan, ada rumah tertimpa", "landslide", 4, None, False),
    ("lemahe jugrug cedak omah", "landslide", 3, None, False),
    ("Kebakaran rumah di belakang pasar", "fire", 4, None, False),
    ("Kabel PLN putus menjuntai ke jalan", "power_danger", 4, None, False),
    ("Puting beliung, genteng beterbangan", "wind", 3, None, False),
    ("ular kobra masuk rumah", "animal_danger", 3, None, False),
    ("Kecelakaan motor dan truk, korban luka parah", "accident", 4, None, False),
    ("tawuran pelajar bawa celurit", "crime", 4, None, False),
    # ── every day
    ("Jalan berlubang di depan pasar, banyak yang jatuh", "road_damage", 3, None, False),
    ("jln rusak parah lubang 30 cm", "road_damage", 2, None, False),
    ("Lampu jalan mati sudah 3 hari, gelap sekali", "street_light", 2, None, False),
    ("Bangjo perempatan mati", "traffic_light", 2, None, False),
    ("Sampah menumpuk tidak diangkut seminggu", "garbage", 1, None, False),
    ("Ada yang bakar sampah, asapnya masuk rumah", "burning", 2, None, False),
    ("mati lampu dari jam 5", "power", 2, None, False),
    ("Air PDAM mati sejak pagi", "water_supply", 2, None, False),
    ("Pipa PDAM bocor di trotoar", "pipe", 2, None, False),
    ("Mohon fogging, ada dua warga kena DBD", "dengue", 2, None, False),
    ("Suara sound horeg berisik sampai malam", "noise", 1, None, False),
    ("parkir liar di trotoar", "parking", 1, None, False),
    ("ODGJ mengamuk di pasar", "neglected", 2, None, False),
    ("KTP saya belum jadi sudah sebulan", "identity", 1, None, False),
    ("Bansos tidak tepat sasaran", "welfare", 1, None, False),
    ("Terima kasih atas pelayanannya", "other", 1, None, False),
    ("", "other", 1, None, False),
]

SECRET = [
    ("Oknum kelurahan minta uang untuk urus KTP", "corruption"),
    ("Tetangga saya KDRT, istrinya dipukuli suami", "violence"),
    ("Ada pungli di parkir pasar", "corruption"),
]


@pytest.fixture(scope="module")
def city() -> City:
    return load_city(PACK)


@pytest.mark.parametrize(("text", "category", "urgency", "depth", "flood"), SENTENCES)
def test_sentence(city: City, text: str, category: str, urgency: int, depth: int | None, flood: bool) -> None:
    found = triage(text, city)
    assert (found.category, found.urgency, found.depth_cm, found.flood) == (category, urgency, depth, flood), found


@pytest.mark.parametrize(("text", "category"), SECRET)
def test_what_must_stay_secret(city: City, text: str, category: str) -> None:
    found = triage(text, city)
    assert (found.category, found.sensitive) == (category, True), found


def test_a_secret_matter_stays_secret_when_something_else_comes_first(city: City) -> None:
    found = triage("Banjir selutut masuk rumah, anak .. terjebak, suami memukul istrinya, KDRT", city)
    assert found.sensitive


def test_a_denied_secret_is_none(city: City) -> None:
    assert not triage("Pelayanan cepat, tidak ada pungli", city).sensitive
