"""Programs that stand outside: the simulator and the replay speak to Hadir over HTTP as anybody would.

Invariant: they import nothing of Hadir but `hadir.standards`, so what they can do, an outside program can do.
"""
