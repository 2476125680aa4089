"""What every door in needs: who calls, from where, in which language, how often; and one shape for every refusal.

Invariants: a request is judged once, by `Front`, before any door sees it (host, origin, identity, headers); a refusal
leaves as RFC 9457 whoever made it. Allowed imports: ports and the rings inside them, msgspec, Litestar's exceptions.
"""
