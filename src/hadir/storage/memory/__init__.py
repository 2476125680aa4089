"""The in-memory twins of journal, clock, ids and blobs: for tests, and for whoever builds on Hadir.

Invariant: they pass the same contract suite as the real ones. Nothing here survives the process.
"""

from hadir.storage.memory.blobs import MemoryBlobs
from hadir.storage.memory.clock import SettableClock
from hadir.storage.memory.ids import CountingIds
from hadir.storage.memory.journal import MemoryJournal, SwitchedGuard

__all__ = ["CountingIds", "MemoryBlobs", "MemoryJournal", "SettableClock", "SwitchedGuard"]
