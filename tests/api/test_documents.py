"""What is documented is what answers: OpenAPI walks the routes, and the other way round."""

from hadir.actions.registry import COMMANDS
from tests.api.conftest import City

# What people and their browsers go to, not programs.
PAGES = (
    *("/", "/lapor", "/juga", "/saran", "/dekat", "/warga", "/l/", "/sekitar", "/peta", "/angka", "/foto/", "/masuk"),
    *("/keluar", "/aset/", "/data/laporan/"),
)
NOT_API = (*PAGES, "/pusat", "/opd", "/petugas", "/pimpin", "/kelola", "/api/docs.js", "/api/docs.css")


async def test_every_route_stands_in_the_document(city: City):
    spec = (await city.client().get("/api/openapi.json")).json()
    for things, verb in COMMANDS:
        path = f"/api/v1/{things}/{{id}}/{verb}" if verb else f"/api/v1/{things}"
        operation = spec["paths"][path]["post"]
        assert operation["summary"] and operation["requestBody"]
    for route in city.program.app._rest.routes:
        if route.path in ("/", "/data") or route.path.startswith(NOT_API[1:]):
            continue
        path = route.path.replace(":str", "")
        assert path in spec["paths"], f"{path} has no words in the document"
        assert {m.lower() for m in route.methods} - {"options"} <= set(spec["paths"][path])
    assert "/api/v1/live" in spec["paths"]


async def test_every_documented_read_answers(city: City):
    spec = (await city.client().get("/api/openapi.json")).json()
    for path, methods in spec["paths"].items():
        if "get" not in methods or path == "/api/v1/live":
            continue
        answer = await city.who("operator").get(path.replace("{id}", "x"))
        assert str(answer.status_code) in methods["get"]["responses"], (path, answer.status_code)


async def test_references_in_the_document_lead_somewhere(city: City):
    text = (await city.client().get("/api/openapi.json")).text
    spec = (await city.client().get("/api/openapi.json")).json()
    import re

    for name in set(re.findall(r'"#/components/schemas/(\w+)"', text)):
        assert name in spec["components"]["schemas"]


async def test_the_docs_load_nothing_from_elsewhere(city: City):
    client = city.client()
    page = (await client.get("/api/docs")).text
    assert "http" not in page.replace("http-equiv", "")
    for path in ("/api/docs.js", "/api/docs.css"):
        answer = await client.get(path)
        assert answer.status_code == 200
        assert "//" not in answer.text.replace("// Shows", "")


async def test_the_city_in_two_languages(city: City):
    client = city.client()
    indonesian = (await client.get("/api/v1/city")).json()
    english = (await client.get("/api/v1/city?lang=en")).json()
    assert indonesian["urgencies"] != english["urgencies"]
    assert {c["code"] for c in indonesian["categories"]} == {c["code"] for c in english["categories"]}
    assert indonesian["zone_name"] == "WIB"


async def test_health_and_numbers(city: City):
    client = city.client()
    assert (await client.get("/readyz")).json()["ready"] is True
    await city.report()
    await client.get('/nonsense/with"quotes/and-ids-01ABC')
    text = (await client.get("/metrics")).text
    assert 'hadir_requests_total{door="/api/v1/reports",status="201"} 1' in text
    assert "quotes" not in text
    assert "hadir_live_streams 0" in text
    assert (await client.head("/healthz")).status_code == 200


async def test_numbers_are_for_this_computer_or_a_key():
    from hadir.compose.program import Face
    from hadir.inbound.kit.caller import networks
    from tests.api.conftest import running

    async for city in running(Face(demo=True, trusted=networks("127.0.0.1"))):
        far = {"x-forwarded-for": "203.0.113.9"}
        assert (await city.client(**far).get("/metrics")).status_code == 403
        assert (await city.who("admin", **far).get("/metrics")).status_code == 200
