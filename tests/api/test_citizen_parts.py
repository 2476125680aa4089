"""A citizen's own upload in pieces, the photo behind the words, and who may hear a voice: over a real socket."""

import hashlib
from typing import Any

import httpx

from hadir.ports.access import Wanted
from tests.api.conftest import City, new_id
from tests.api.test_uploads import PIECE, asked, picture

WEBM = b"\x1a\x45\xdf\xa3 webm" + b"\x07" * 5000


async def uploaded(client: httpx.AsyncClient, data: bytes, kind: str, size: int = 2000) -> str:
    """In pieces, as the page does it; → the id that a report names."""
    about = asked(data, kind)
    stands = (await client.post("/api/v1/uploads", json=about)).json()
    while not stands["answer"]:
        headers = PIECE | {"upload-offset": str(stands["offset"])}
        content = data[stands["offset"] : stands["offset"] + size]
        stands = (await client.patch(f"/api/v1/uploads/{about['id']}", content=content, headers=headers)).json()
    assert stands["answer"] == hashlib.sha256(data).hexdigest()
    return str(stands["answer"])


async def reported(citizen: httpx.AsyncClient, **more: Any) -> dict[str, Any]:
    answer = await citizen.post("/api/v1/reports", json={"command_id": new_id(), "text": "Air naik", **more})
    assert answer.status_code == 201, answer.text
    return answer.json()


async def test_only_the_command_centre_hears_a_citizen_s_voice(city: City) -> None:
    citizen = city.client()
    citizen.headers["x-hadir-device"] = "a-phone-of-a-citizen"
    voice = await uploaded(citizen, WEBM, "audio/webm")
    told = await reported(citizen, text="", voice=voice)
    url = f"/api/v1/reports/{told['id']}/voice"
    heard = await city.who("operator").get(url)
    assert (heard.status_code, heard.content, heard.headers["content-type"]) == (200, WEBM, "audio/webm")
    part = await city.who("operator").get(url, headers={"range": "bytes=0-9"})
    assert (part.status_code, part.content) == (206, WEBM[:10])
    looks = await city.program.storage.access.find(Wanted(thing=f"report/{told['id']}"))
    assert [(look.actor, look.what) for look in looks] == [("operator", "voice")] * 2
    assert (await citizen.get(url)).status_code == 401
    for other in ("opd-bpbd", "petugas-1", "admin"):
        assert (await city.who(other).get(url)).status_code == 403, other
    assert (await city.who("operator").get("/api/v1/reports/01NOSUCH/voice")).status_code == 404


async def test_the_photo_comes_behind_the_words_by_the_link_s_secret(city: City) -> None:
    citizen = city.client()
    citizen.headers["x-hadir-device"] = "a-phone-of-a-citizen"
    told = await reported(citizen, to_come=1)
    secret = told["tracking_url"].rsplit("/", 1)[1]
    photo = await uploaded(citizen, picture(80), "image/jpeg")
    body = {"command_id": new_id(), "photos": [photo], "secret": secret}
    url = f"/api/v1/reports/{told['id']}/add-photos"
    assert (await citizen.post(url, json=body)).status_code == 200
    assert (await citizen.post(url, json=body)).status_code == 200, "sent again by a phone that heard nothing"
    more = await citizen.post(url, json=body | {"command_id": new_id()})
    assert (more.status_code, more.json()["code"]) == (409, "no_photos_announced")
    stranger = await city.client().post(url, json={"command_id": new_id(), "photos": [photo]})
    assert stranger.status_code in (401, 403)


async def test_pieces_do_not_use_up_a_citizen_s_reports(city: City) -> None:
    citizen = city.client()
    citizen.headers["x-hadir-device"] = "a-phone-of-a-citizen"
    await uploaded(citizen, picture(60), "image/jpeg", size=150)
    assert (await reported(citizen))["id"]
