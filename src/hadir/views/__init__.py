"""Read models: one fold of the journal into the picture of the city, and what each viewer sees of it.

Invariants: everything here can be thrown away and made again from the journal; the fold (`picture`) is pure and knows
no database; a fact applied twice changes nothing; no viewer gets a row or a field that `domain.people.SEES` withholds.
`board.Board` follows the journal and owns the tables; one instance per process, in one event loop.
Allowed imports: the standard library, msgspec, `hadir.ports`, `hadir.domain`, `hadir.words`.
"""
