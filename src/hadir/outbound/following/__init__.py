"""What citizens follow, brought to them: facts → public changes and news → one message a subscriber.

Only what everybody may see is told of an area or a circle; the own report's state only to who has its link. Allowed
imports: domain, ports, views, outbound.kit, outbound.push (the push service), words.
"""

from hadir.outbound.following.follower import Follower
from hadir.outbound.following.postman import Postman

__all__ = ["Follower", "Postman"]
