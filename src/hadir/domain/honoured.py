"""Names of persons that an honorific announces: «Pak Contoh», «Bu Hj. Contoh Satu», «Sdr. Contoh».

Only what is safe: an honorific and, right behind it, a name in capitals as names are written. What stands behind it may
be an office («Pak RT», «Bu Lurah», «Bapak Wali Kota») or the first word of a plea («Pak Tolong»): these stay. So does
what is called after a person and is no person: a street, a tomb, a school, a stall with its sign («Jl. H. Contoh»,
«warung Bu Contoh»). A name in small letters, or in a text all in capitals, is not told from other words, and a name
that no honorific announces is not found.
"""

from __future__ import annotations

import re

_CALLED = (
    r"(?:(?i:bapak|bpk|pakde|pakdhe|paklik|pak|ibu|bude|budhe|bulik|bu|mas|mbak|mbok|mbah|sdri|sdr|saudara|saudari)\b\.?"
    r"|H\.|Hj\b\.?|Haji\b)"
)
_LEARNED = r"(?:(?:Ir|Drs|Dra|Dr|dr|drg|Prof|KH|K\.H)\.|Ustadz(?:ah)?\b|Ustaz(?:ah)?\b|Kyai\b|Kiai\b|Gus\b)"
_JOINT = r"(?:[ ]?/[ ]?|[ ]{0,2})"
#: One honorific or several: «Bapak/Ibu», «Pak H.», «Bu dr.»; then something that begins with a capital. Possessive: no
#: honorific is given back to be a name.
_HONOURS = re.compile(rf"(?<![\w.])(?P<first>{_CALLED}){_JOINT}(?:(?:{_CALLED}|{_LEARNED}){_JOINT}){{0,3}}+(?=[A-Z])")
#: «Contoh», «Al-Contoh», «A.»; all in capitals it is an abbreviation («Pak RT»).
_WORD = re.compile(r"(?:[A-Z][a-z'’]+(?:-[A-Z]?[a-z'’]+)?|[A-Z]\.)(?![\w-])")
_ROOM = re.compile(r"[ ]{1,2}")
_LONGEST = 4

_OFFICES = """
rt rw lurah camat wali walikota wakil bupati gubernur presiden menteri kades kadus kasun kepala kadis kabid kasi sekda
calon mantan sekretaris sekcam seklur ketua anggota dewan ajudan guru dosen dokter bidan perawat suster mantri polisi
polsek polres tentara babinsa bhabinkamtibmas kapolres kapolsek danramil hakim jaksa satpam satpol petugas operator
admin sopir supir driver kurir ojek tukang pengurus pejabat pimpinan direktur manajer modin imam pendeta pastor romo
takmir penghulu penjaga pengawas komandan inspektur hansip linmas damkar pegawai staf bos bro penjual pedagang pemilik
warga panitia korban pelapor pengendara pengemudi pasien penghuni tetangga
"""
_WORDS = """
yang di ke dari dan atau tolong mohon minta bisa tidak kapan kenapa mengapa bagaimana gimana apa apakah siapa dimana
mana ini itu ada sudah belum saya kami kita anda dia mereka kalian jalan jl jln gang gg lampu air banjir pohon sampah
selokan got saluran rumah tangga kota kabupaten kecamatan kelurahan desa kampung dusun hamil menyusui pertiwi muda tua
sekalian semua semuanya segera terima terimakasih makasih selamat assalamualaikum salam info lapor laporan mau ingin
coba harap perlu kalau jika karena untuk pada dengan sama juga lagi masih tadi kemarin sekarang besok senin selasa
rabu kamis jumat sabtu minggu tersebut kok dong ya iya loh lho sih kan nih pasar masjid sekolah tanah anak bayi jatuh
sakit meninggal melahirkan depan belakang sebelah dekat setelah sebelum sejak sampai saat waktu jam tanggal tahun
bulan agar supaya biar cepat parah rusak mati hilang hanya cuma tapi tetapi namun jadi jangan bukan tanpa oleh dalam
luar atas bawah kabel listrik motor mobil tiang jembatan sungai kali kebakaran longsor permisi maaf mohonlah tolonglah
dinas pemerintah pemkot pemda kantor bapak ibu pak bu mas mbak saudara saudari
"""
#: Behind an honorific these are no name, and behind a name they are the next word.
_NO_NAME = frozenset((*_OFFICES.split(), *_WORDS.split()))
_CALLED_AFTER = """
jl jln jalan gg gang lorong makam pesarean petilasan punden taman pasar masjid mesjid mushola musholla musala langgar
ponpes pondok pesantren sd sdn smp smpn sma sman smk smkn mi mts ma tk paud sekolah universitas kampus gedung aula
stadion gor museum monumen patung tugu jembatan terminal stasiun bandara pelabuhan rs rsu rsia sakit klinik apotek
apotik praktik perumahan perum griya dusun dukuh kampung desa kelurahan kecamatan lingkungan blok toko warung warkop
kios depot kedai makan resto restoran bakso soto sate pecel rawon mie nasi bengkel salon hotel losmen yayasan panti
perempatan pertigaan simpang bundaran lapangan waduk bendungan embung dam sungai kali kompleks komplek halte mrt lrt
krl hari
"""
_RANKS = """
ir dr drs prof kh raden ra letjen mayjen brigjen jend jenderal jendral kolonel kol kapten mayor letkol serma syekh
syeh sunan kyai kiai ki nyi nyai pahlawan bung gus ustadz pangeran tumenggung
"""
#: What may be called after a person and is none. «Pada hari H.» is no Haji either.
_PLACES = frozenset(_CALLED_AFTER.split())
#: Between such a word and the honorific: «Jl. Ir. H. Contoh», «Jl. Letjen H. Contoh».
_BETWEEN = frozenset(_RANKS.split())
_BACK = re.compile(r"(\w+)(\.?)[ ]{0,2}\Z")
_LOOK_BACK = 48


def may_honour(text: str) -> bool:
    """Whether `hide_honoured` could find anything: quicker than looking."""
    return _HONOURS.search(text) is not None


def hide_honoured(text: str) -> str:
    """The text without the names that an honorific announces."""
    parts: list[str] = []
    done = 0
    for found in _HONOURS.finditer(text):
        end = _name(text, found.end())
        if end > found.end() and not _called_after(text, found):
            parts += text[done : found.end()], "[nama]"
            done = end
    return "".join((*parts, text[done:]))


def _name(text: str, start: int) -> int:
    """Where the name ends that begins here; where it begins, when none does."""
    end, at = start, start
    for _ in range(_LONGEST):
        word = _WORD.match(text, at)
        if word is None or word.group().lower() in _NO_NAME:
            break
        end = word.end()
        room = _ROOM.match(text, end)
        if room is None:
            break
        at = room.end()
    return end


def _called_after(text: str, found: re.Match[str]) -> bool:
    """What stands before makes it the name of a place. «Mas» itself may be in one («Contoh Mas Indah»)."""
    before = text[max(0, found.start() - _LOOK_BACK) : found.start()]
    while said := _BACK.search(before):
        word = said[1].lower()
        if word in _PLACES:
            return True
        if found["first"] == "Mas" and said[1][0].isupper() and word not in _NO_NAME:
            return True
        if word not in _BETWEEN and not (said[2] and len(word) == 1):
            return False
        before = before[: said.start()]
    return False
