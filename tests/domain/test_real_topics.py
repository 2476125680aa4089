"""Which agency the rules give to real complaint topics of Surabaya, weighted by how often each was filed there.

Titles of topics, not sentences of citizens, and agencies are cut differently in every city: the table below says which
of ours does what theirs does. Topics of kecamatan and kelurahan («Permasalahan Kewilayahan») name no matter: left out.
"""

import csv
import os
from pathlib import Path

import pytest

from hadir.domain.city import City
from hadir.domain.triage import triage
from hadir.storage.citypack import load_city

ROOT = Path(__file__).parents[2]
DATA = Path(os.environ.get("HADIR_TEST_DATA", ROOT.parent / "shared" / "data"))
TOPICS = DATA / "blitar" / "topik_ke_instansi_surabaya.csv"

OURS = {
    "Dinas Sumber Daya Air dan Bina Marga": {"dpupr"},
    "Dinas Lingkungan Hidup": {"dlh"},
    "Dinas Sosial": {"dinsos"},
    "Dinas Perhubungan": {"dishub"},
    "Dinas Kependudukan dan Pencatatan Sipil": {"dispendukcapil"},
    "Dinas Pendidikan": {"dindik"},
    "Dinas Kesehatan": {"dinkes"},
    "Bagian Perekonomian dan Sumber Daya Alam": {"pdam", "disperdagin"},
    "Dinas Perumahan Rakyat dan Kawasan Permukiman serta Pertanahan": {"dprkp", "dpupr", "satpolpp"},
    "Dinas Perindustrian dan Tenaga Kerja": {"dinkop", "disperdagin"},
    "Satuan Polisi Pamong Praja": {"satpolpp"},
    "Dinas Komunikasi dan Informatika": {"diskominfotik"},
    "Dinas Koperasi Usaha Kecil dan Menengah dan Perdagangan": {"dinkop", "disperdagin"},
    "Badan Pendapatan Daerah": {"bpkad"},
    "Badan Pengelolaan Keuangan dan Aset Daerah": {"bpkad"},
    "Badan Kepegawaian dan Pengembangan Sumber Daya Manusia": {"bkpsdm"},
    "Dinas Penanaman Modal dan Pelayanan Terpadu Satu Pintu": {"dpmptsp"},
    "RSUD dr. Mohamad Soewandhie": {"rsud"},
    "Badan Penanggulangan Bencana Daerah": {"bpbd"},
}
#: per cent of the filed complaints, measured; docs/triage.md
RIGHT_LEAST, SURE_RIGHT_LEAST = 88.0, 97.0


@pytest.fixture(scope="module")
def city() -> City:
    return load_city(ROOT / "cities" / "blitar")


def test_real_topics_come_to_the_right_agency(city: City) -> None:
    if not TOPICS.is_file():
        pytest.skip(f"no {TOPICS}: set HADIR_TEST_DATA to the folder of real data")
    filed = right = sure = sure_right = 0
    with TOPICS.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            if (ours := OURS.get(row["instansi"])) is None:
                continue
            judged, n = triage(row["topik"], city), int(row["n"])
            good = city.category_by_code[judged.category].agency in ours
            filed, right = filed + n, right + n * good
            sure, sure_right = sure + n * judged.sure, sure_right + n * (judged.sure and good)
    found = (filed, 100 * right / filed, 100 * sure / filed, 100 * sure_right / sure)
    assert 100 * right / filed >= RIGHT_LEAST, found
    assert 100 * sure_right / sure >= SURE_RIGHT_LEAST, found
