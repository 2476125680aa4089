"""The peer of the intake: a Django REST framework application that validates and stores the same JSON.

Served by gunicorn (`benchmarks.peers.drf:application`); the database from PEER_DATABASE (libpq conninfo). It does no
triage, no limits, no permission, no history: what it leaves out is to its favour.
"""

from __future__ import annotations

import os
import sys
from datetime import datetime
from typing import Any, ClassVar

import django
from django.conf import settings
from psycopg.conninfo import conninfo_to_dict

_database = conninfo_to_dict(os.environ["PEER_DATABASE"])
settings.configure(
    SECRET_KEY="bench",
    ALLOWED_HOSTS=["*"],
    ROOT_URLCONF="benchmarks.peers.drf",
    USE_TZ=True,
    MIDDLEWARE=[],
    INSTALLED_APPS=["django.contrib.contenttypes", "rest_framework"],
    DEFAULT_AUTO_FIELD="django.db.models.BigAutoField",
    REST_FRAMEWORK={
        "DEFAULT_AUTHENTICATION_CLASSES": [],
        "DEFAULT_PERMISSION_CLASSES": [],
        "UNAUTHENTICATED_USER": None,
        "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
        "DEFAULT_PARSER_CLASSES": ["rest_framework.parsers.JSONParser"],
    },
    DATABASES={
        "default": {
            "ENGINE": "django.db.backends.postgresql",
            "NAME": _database.get("dbname", ""),
            "USER": _database.get("user", ""),
            "HOST": _database.get("host", ""),
            "PORT": _database.get("port", ""),
            "PASSWORD": _database.get("password", ""),
            "CONN_MAX_AGE": None,
        }
    },
)
django.setup()

from django.core.wsgi import get_wsgi_application  # noqa: E402 - Django must be set up before its parts are imported
from django.db import connection, models  # noqa: E402
from django.urls import path  # noqa: E402
from django.utils import timezone  # noqa: E402
from rest_framework import generics, parsers, serializers  # noqa: E402
from rest_framework.response import Response  # noqa: E402


class Report(models.Model):
    """The same fields in one row."""

    command_id = models.CharField(max_length=64, unique=True)
    text = models.TextField()
    lat = models.FloatField(null=True)
    lon = models.FloatField(null=True)
    accuracy_m = models.FloatField(null=True)
    how = models.CharField(max_length=10)
    area = models.CharField(max_length=64, null=True)
    words = models.CharField(max_length=500, null=True)
    received_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        app_label = "contenttypes"
        db_table = "peer_report"


class PlaceSerializer(serializers.Serializer):
    lat = serializers.FloatField(min_value=-90, max_value=90, required=False)
    lon = serializers.FloatField(min_value=-180, max_value=180, required=False)
    accuracy_m = serializers.FloatField(min_value=0, required=False)
    how = serializers.ChoiceField(["gps", "tap", "list", "words"])
    area = serializers.CharField(max_length=64, required=False)
    text = serializers.CharField(max_length=500, required=False)


class ReportSerializer(serializers.Serializer):
    command_id = serializers.RegexField(r"^[A-Za-z0-9_-]+$", min_length=8, max_length=64)
    text = serializers.CharField(max_length=4000)
    place = PlaceSerializer()

    def create(self, valid: dict) -> Report:
        place = valid.pop("place")
        words = place.pop("text", None)
        return Report.objects.create(**valid, **place, words=words)

    def to_representation(self, report: Report) -> dict:
        return {"report_id": report.pk, "received_at": report.received_at.isoformat()}


class Reports(generics.CreateAPIView):
    serializer_class = ReportSerializer


class Request(models.Model):
    """An Open311 service request, in one row; filled by `python -m benchmarks.peers.drf ROWS`."""

    service_request_id = models.BigAutoField(primary_key=True)
    status = models.CharField(max_length=6, default="open")
    status_notes = models.TextField(null=True)
    service_name = models.CharField(max_length=100, null=True)
    service_code = models.CharField(max_length=64)
    description = models.CharField(max_length=4000, null=True)
    agency_responsible = models.CharField(max_length=100, null=True)
    service_notice = models.TextField(null=True)
    requested_datetime = models.DateTimeField(default=timezone.now)
    updated_datetime = models.DateTimeField(default=timezone.now)
    expected_datetime = models.DateTimeField(null=True)
    address = models.CharField(max_length=500, null=True)
    address_id = models.CharField(max_length=64, null=True)
    zipcode = models.CharField(max_length=10, null=True)
    lat = models.FloatField(null=True)
    long = models.FloatField(null=True)
    media_url = models.CharField(max_length=2000, null=True)
    device_id = models.CharField(max_length=200, null=True)

    class Meta:
        app_label = "contenttypes"
        db_table = "peer_request"
        indexes: ClassVar = [models.Index(fields=["-requested_datetime"], name="peer_request_newest")]


class RequestSerializer(serializers.ModelSerializer):
    class Meta:
        model = Request
        exclude = ("device_id",)


class FiledSerializer(serializers.Serializer):
    service_code = serializers.CharField(max_length=64)
    lat = serializers.FloatField(min_value=-90, max_value=90)
    long = serializers.FloatField(min_value=-180, max_value=180)
    description = serializers.CharField(max_length=4000, required=False)
    device_id = serializers.CharField(max_length=200, required=False)

    def create(self, valid: dict) -> Request:
        return Request.objects.create(**valid)

    def to_representation(self, request: Request) -> list:
        return [{"service_request_id": str(request.pk), "service_notice": None, "account_id": None}]


class Requests(generics.ListCreateAPIView):
    """The list by time, codes and page size, the newest first; and filing by a form."""

    parser_classes = (parsers.FormParser,)

    def get_serializer_class(self) -> type[serializers.Serializer]:
        return FiledSerializer if self.request.method == "POST" else RequestSerializer

    def create(self, request: Any, *args: Any, **kwargs: Any) -> Response:
        serializer = FiledSerializer(data=request.data)
        serializer.is_valid(raise_exception=True)
        return Response(serializer.to_representation(serializer.save()), status=201)

    def list(self, request: Any, *args: Any, **kwargs: Any) -> Response:
        asked = request.query_params
        start, end = (datetime.fromisoformat(asked[name]) for name in ("start_date", "end_date"))
        found = Request.objects.filter(requested_datetime__gte=start, requested_datetime__lte=end)
        found = found.filter(service_code__in=asked["service_code"].split(","))
        page = found.order_by("-requested_datetime", "-pk")[: int(asked["page_size"])]
        return Response(RequestSerializer(page, many=True).data)


urlpatterns = [path("api/v1/reports", Reports.as_view()), path("open311/v2/requests.json", Requests.as_view())]
application = get_wsgi_application()


def make_table() -> None:
    """Called once before the workers start."""
    with connection.schema_editor() as editor:
        editor.create_model(Report)
        editor.create_model(Request)


def fill(rows: int, codes: list[str]) -> None:
    """Requests over two years, evenly, like those of `benchmarks.seed`."""
    with connection.cursor() as cursor:
        cursor.execute(
            """
            insert into peer_request (
                status, status_notes, service_name, service_code, description, agency_responsible,
                requested_datetime, updated_datetime, address, address_id, zipcode, lat, long
            )
            select
                'open', 'Diterima; menunggu dibaca operator.', 'Banjir', (%s::text[])[1 + n %% %s],
                'Air selutut di gang, RT 2 RW 1', 'Badan Penanggulangan Bencana Daerah',
                now() - interval '730 days' * (1 - n::float8 / %s), now(), 'RT 2 RW 1, Kepanjenkidul', '35.72.01.1001',
                '66117', -8.1 + random() / 50, 112.16 + random() / 50
            from generate_series(1, %s) n
            """,
            [codes, len(codes), rows, rows],
        )
        cursor.execute("analyze peer_request")


if __name__ == "__main__":
    make_table()
    if len(sys.argv) > 1:
        fill(int(sys.argv[1]), sys.argv[2].split(","))
