"""Open311 GeoReport v2: the values of the standard, and both of its forms, for a server and for a client.

`model` holds the documents, `form` writes and reads them as JSON and XML, `asking` reads what a client asks for,
`filing` what it sends in. Invariants: times have an offset; an empty parameter is an absent one; whatever cannot be
accepted is told at once, as a list of errors. Allowed imports: the standard library and msgspec.
"""
