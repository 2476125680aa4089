"""The peer of the intake: a Django REST framework application that validates and stores the same JSON.

Served by gunicorn (`benchmarks.peers.drf:application`); the database from PEER_DATABASE (libpq conninfo). It does no
triage, no limits, no permission, no history: what it leaves out is to its favour.
"""

from __future__ import annotations

import os

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
from rest_framework import generics, serializers  # noqa: E402


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


urlpatterns = [path("api/v1/reports", Reports.as_view())]
application = get_wsgi_application()


def make_table() -> None:
    """Called once before the workers start."""
    with connection.schema_editor() as editor:
        editor.create_model(Report)


if __name__ == "__main__":
    make_table()
