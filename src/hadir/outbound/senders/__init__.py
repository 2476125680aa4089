"""The channels beside push: e-mail, SMS, WhatsApp. Each fulfils `ports.sender.Sender`.

E-mail is real (SMTP). SMS and WhatsApp go over HTTP to a gateway that the city pays for; `hadir.outside.gateways` is a
simulator of both, and what the tests use. Invariants: an address or a message never stands in a log; a secret never in
an error. Allowed imports: outbound.kit, ports, domain, the standard library.
"""
