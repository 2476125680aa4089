"""Trained models in a home: the newest is taken without a restart, and a broken file leaves the rules alone."""

import logging
from pathlib import Path

import numpy as np
import pytest

from hadir.actions.learned import BUCKETS, Model, ModelError
from hadir.storage import models
from hadir.storage.memory import SettableClock


def made(version: str) -> Model:
    return Model(
        version=version,
        rows=1,
        rule_weight=1.0,
        temperature=1.0,
        categories=("a", "b"),
        weights=np.zeros((BUCKETS + 1, 2), np.float32),
        evaluation={},
    )


def test_a_home_without_training_has_no_model(tmp_path: Path) -> None:
    assert models.Current(tmp_path, SettableClock())() is None
    assert models.current(tmp_path) is None
    assert models.versions(tmp_path) == []


def test_a_new_training_is_taken_without_a_restart(tmp_path: Path) -> None:
    clock = SettableClock()
    current = models.Current(tmp_path, clock)
    assert current() is None
    models.install(tmp_path, made("1"))
    assert current() is None, "the disk is not asked in every intake"
    clock.advance(models.LOOK_S)
    first = current()
    assert first is not None and first.version == "1"
    models.use(tmp_path, None)
    clock.advance(models.LOOK_S)
    assert current() is None


def test_a_broken_file_leaves_the_rules_alone(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    models.install(tmp_path, made("1")).write_bytes(b"no model")
    with caplog.at_level(logging.WARNING):
        assert models.Current(tmp_path, SettableClock())() is None
    assert "cannot be read" in caplog.text


def test_a_few_older_trainings_stay(tmp_path: Path) -> None:
    for number in range(models.KEPT + 3):
        models.install(tmp_path, made(str(number)))
    assert models.versions(tmp_path) == [str(n) for n in range(2, models.KEPT + 3)]
    models.use(tmp_path, "3")
    current = models.current(tmp_path)
    assert current is not None and current.version == "3"
    with pytest.raises(ModelError, match="no model 0"):
        models.use(tmp_path, "0")
