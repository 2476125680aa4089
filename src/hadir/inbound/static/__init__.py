"""What browsers load: the built files under /assets/, and the staff pages' shells around them.

Invariants: a name with a digest never changes its bytes; the shell holds nothing a caller may not see.
Allowed imports: as `hadir.inbound`.
"""

from hadir.inbound.static.files import Files
from hadir.inbound.static.shells import shell_routes

__all__ = ["Files", "shell_routes"]
