"""Codecs of public standards, sans-I/O: bytes and values in, values and bytes out.

Invariants: nothing here reads a socket, a clock or a setting; what a standard says stands in the docstring of the code
that does it. Allowed imports: the standard library and msgspec.
"""
