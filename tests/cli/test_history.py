"""`hadir import` and `hadir train`: a table becomes lessons, once; what is learned is examined with later reports."""

import json
import os
import zipfile
from datetime import UTC, datetime, timedelta
from pathlib import Path

import psycopg
import pytest

from hadir.actions.learned import Model
from hadir.cli import main
from hadir.storage import models
from tests.cli.conftest import Opened

ROOT = Path(__file__).parents[2]
DATA = Path(os.environ.get("HADIR_TEST_DATA", ROOT.parent / "shared" / "data"))

MAPPING = """
title = "Sistem lama (contoh)"
time = "Tanggal"
time_format = "%d/%m/%Y %H:%M"
text = "{Uraian}"
category = "Topik"
closed = "Selesai"

[categories]
"Jalan" = "road_damage"
"Sampah" = "garbage"
"""
#: Made up for this test; nobody wrote them.
WORDS = {"Jalan": "aspal gronjal dekat pertigaan", "Sampah": "kresek berserakan tidak diangkut"}


@pytest.fixture
def mapping(tmp_path: Path) -> Path:
    path = tmp_path / "old.toml"
    path.write_text(MAPPING, encoding="utf-8")
    return path


@pytest.fixture(scope="module")
def home(opened: Opened, tmp_path_factory: pytest.TempPathFactory) -> Path:
    home = tmp_path_factory.mktemp("history") / "home"
    with opened(home):
        pass
    return home


def table(path: Path, rows: int) -> Path:
    """Synthetic closed reports, an hour apart; each tenth is still open, one has no words, one a strange topic."""
    lines = ["Tanggal;Uraian;Topik;Selesai"]
    for n in range(rows):
        at = datetime(2026, 1, 1, 7, 0, tzinfo=UTC) + timedelta(hours=n)
        topic = "Jalan" if n % 2 else "Sampah"
        done = "" if n % 10 == 9 else "ya"
        lines.append(f"{at:%d/%m/%Y %H:%M};{WORDS[topic]} nomor {n}, hub 0812 3456 78{n % 100:02};{topic};{done}")
    lines += ["01/01/2026 06:00;;Jalan;ya", "01/01/2026 06:00;pohon rindang;Lain;ya", "kemarin;pagar;Jalan;ya"]
    path.write_text("\n".join(lines), encoding="utf-8")
    return path


def run(*args: object) -> int:
    return main([str(arg) for arg in args])


def test_an_import_doubles_nothing_and_says_what_it_left_out(
    home: Path, mapping: Path, tmp_path: Path, opened: Opened, capsys: pytest.CaptureFixture[str]
) -> None:
    file = table(tmp_path / "old.csv", 50)
    assert run("import", file, "--map", mapping, "--home", home) == 0
    first = capsys.readouterr().out
    assert "53 rows read.\n46 new, 0 changed, 0 there already." in first
    assert "5 rows are still open" in first
    assert "1 rows left out, the first in line 52: no words." in first and "Lain (1)" in first
    assert "1 rows left out, the first in line 54: its time is not %d/%m/%Y %H:%M." in first
    assert run("import", file, "--map", mapping, "--home", home) == 0
    assert "0 new, 0 changed, 46 there already." in capsys.readouterr().out
    with opened(home) as url, psycopg.connect(url) as conn:
        said = conn.execute("select text, said_at from history where category = 'garbage' order by said_at").fetchall()
        facts = conn.execute("select count(*) from journal").fetchone()
    # The file says nothing of a zone: it is the city's, seven hours before UTC.
    assert said[0] == ("kresek berserakan tidak diangkut nomor 0, hub [telepon]", datetime(2026, 1, 1, tzinfo=UTC))
    assert facts == (0,), "history is no fact of this city: it stands in no queue"


def test_what_was_imported_can_be_taken_out(
    home: Path, mapping: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = table(tmp_path / "old.csv", 50)
    run("import", file, "--map", mapping, "--home", home)
    capsys.readouterr()
    assert run("import", file, "--map", mapping, "--home", home, "--forget") == 0
    assert "46 rows of" in capsys.readouterr().out


def test_a_category_that_the_city_does_not_have_is_refused(
    home: Path, mapping: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    mapping.write_text(MAPPING.replace("road_damage", "roads"), encoding="utf-8")
    assert run("import", table(tmp_path / "old.csv", 3), "--map", mapping, "--home", home) == 1
    assert "does not have: roads" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"Tanggal;Isi;Topik;Selesai\n01/01/2026 06:00;pohon;Jalan;ya\n", "no column «Uraian»; it has Tanggal, Isi"),
        (b"Tanggal;Uraian;Topik;Selesai\n01/01/2026 06:00;caf\xe9;Jalan;ya\n", "save it as «CSV UTF-8»"),
        ("Tanggal;Uraian;Topik;Selesai\n".encode("utf-16"), "save it as «CSV UTF-8»"),
        (b"Tanggal;Uraian;Topik;Selesai\n01/01/2026 06:00;" + b"x" * 200_000, "no CSV that can be read"),
    ],
    ids=["column", "latin", "utf-16", "long"],
)
def test_a_table_that_does_not_fit_is_refused_with_what_is_wrong(
    home: Path, mapping: Path, tmp_path: Path, content: bytes, said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "bad.csv"
    file.write_bytes(content)
    assert run("import", file, "--map", mapping, "--home", home) == 1
    assert said in capsys.readouterr().err


def test_too_little_teaches_nothing(home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run("train", "--home", home) == 1
    assert "too few to learn from" in capsys.readouterr().err


def test_a_training_is_examined_installed_and_taken_back(
    home: Path, mapping: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    run("import", table(tmp_path / "old.csv", 700), "--map", mapping, "--home", home)
    report = tmp_path / "report.json"
    assert run("train", "--home", home, "--report", report) == 0
    said = json.loads(report.read_text(encoding="utf-8"))
    assert said["taught"]["until"] < said["examined"]["since"], "the examination comes after all it was taught"
    assert said["right"]["learned"] == 1.0
    assert {row["agency"] for row in said["agencies"]} == {"dpupr", "dlh"}
    model = models.current(home)
    assert isinstance(model, Model)
    assert model.rows == 630
    likely = model.shares("kresek tidak diangkut")
    assert max(likely, key=lambda code: likely[code]) == "garbage"
    assert run("train", "--home", home, "--use", "none") == 0
    assert models.current(home) is None
    assert run("train", "--home", home, "--use", "2001") == 1
    assert model.version in capsys.readouterr().err


def test_a_spreadsheet(home: Path, mapping: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    mapping.write_text(MAPPING.replace('time_format = "%d/%m/%Y %H:%M"\n', ""), encoding="utf-8")
    file = tmp_path / "old.xlsx"
    spreadsheet(file, [["Tanggal", "Uraian", "Topik", "Selesai"], [46023.5, "aspal gronjal", "Jalan", "ya"]])
    assert run("import", file, "--map", mapping, "--home", home) == 0
    assert "1 new" in capsys.readouterr().out


def spreadsheet(path: Path, rows: list[list[str | float]]) -> None:
    """The least that is an XLSX: one sheet, inline strings, dates by style 1."""
    main_ns = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    rel = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    cells = "".join("<row>" + "".join(map(_cell, row)) + "</row>" for row in rows)
    parts = {
        "xl/workbook.xml": f'<workbook xmlns="{main_ns}" xmlns:r="{rel}">'
        '<sheets><sheet name="A" sheetId="1" r:id="r1"/></sheets></workbook>',
        "xl/_rels/workbook.xml.rels": '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/'
        'relationships"><Relationship Id="r1" Target="worksheets/sheet1.xml"/></Relationships>',
        "xl/styles.xml": f'<styleSheet xmlns="{main_ns}"><cellXfs><xf numFmtId="0"/><xf numFmtId="22"/></cellXfs>'
        "</styleSheet>",
        "xl/worksheets/sheet1.xml": f'<worksheet xmlns="{main_ns}"><sheetData>{cells}</sheetData></worksheet>',
    }
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as book:
        for name, text in parts.items():
            book.writestr(name, text)


def _cell(value: str | float) -> str:
    if isinstance(value, str):
        return f'<c t="inlineStr"><is><t>{value}</t></is></c>'
    return f'<c s="1"><v>{value}</v></c>'


@pytest.mark.parametrize("hostile", ['<!DOCTYPE a [<!ENTITY b "c">]><workbook/>', "not xml", ""])
def test_a_hostile_spreadsheet_is_refused(
    home: Path, mapping: Path, tmp_path: Path, hostile: str, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "bad.xlsx"
    with zipfile.ZipFile(file, "w") as book:
        book.writestr("xl/workbook.xml", hostile)
    assert run("import", file, "--map", mapping, "--home", home) == 1
    assert "no spreadsheet that can be read" in capsys.readouterr().err


def test_real_history_teaches_by_time(home: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Half a day of another city in another language: it says that the way works, not how well it does here."""
    file = DATA / "load" / "nyc311_2026_06_27_5k.csv"
    if not file.is_file():
        pytest.skip(f"no {file}: set HADIR_TEST_DATA to the folder of real data")
    run("import", tmp_path / "none", "--map", ROOT / "mappings/nyc311_history.toml", "--home", home, "--forget")
    run("import", file, "--map", ROOT / "mappings/nyc311_history.toml", "--home", home)
    report = tmp_path / "report.json"
    assert run("train", "--home", home, "--report", report, "--dry-run") == 0
    said = json.loads(report.read_text(encoding="utf-8"))
    assert said["right"]["both"] > said["right"]["rules"]
    assert said["examined"]["since"] > said["taught"]["until"]
