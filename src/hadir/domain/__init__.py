"""The rules of the city: what may happen, to what, by whom. Pure and total.

Invariants: no I/O, no clock, no randomness, no ids made here — time, ids and chance arrive as arguments.
A rule answers with events or a Refusal and never raises for what a person may do wrong.
Allowed imports: the standard library and this package.
"""
