"""Which words may stand in a signature that is accepted?

A list of what is allowed, nothing else: everything that a signature file holds beyond it is refused, so that
no element can mean one thing here and another thing to a different program (ADR 0120).
"""

from __future__ import annotations

from typing import Final

from cryptography.hazmat.primitives import hashes

DS: Final = "http://www.w3.org/2000/09/xmldsig#"
XADES: Final = "http://uri.etsi.org/01903/v1.3.2#"
SIGNED_PROPERTIES: Final = "http://uri.etsi.org/01903#SignedProperties"

C14N: Final = "http://www.w3.org/TR/2001/REC-xml-c14n-20010315"
EXCLUSIVE_C14N: Final = "http://www.w3.org/2001/10/xml-exc-c14n#"
# Devices of qualified signatures write exclusive canonical form too; both say how in the reference.
CANONICAL: Final = {C14N: False, EXCLUSIVE_C14N: True}

_MORE: Final = "http://www.w3.org/2001/04/xmldsig-more#"
RSA: Final = {
    f"{_MORE}rsa-sha256": hashes.SHA256(),
    f"{_MORE}rsa-sha384": hashes.SHA384(),
    f"{_MORE}rsa-sha512": hashes.SHA512(),
}
ECDSA: Final = {
    f"{_MORE}ecdsa-sha256": hashes.SHA256(),
    f"{_MORE}ecdsa-sha384": hashes.SHA384(),
    f"{_MORE}ecdsa-sha512": hashes.SHA512(),
}
PSS: Final = {
    "http://www.w3.org/2007/05/xmldsig-more#sha256-rsa-MGF1": hashes.SHA256(),
    "http://www.w3.org/2007/05/xmldsig-more#sha384-rsa-MGF1": hashes.SHA384(),
    "http://www.w3.org/2007/05/xmldsig-more#sha512-rsa-MGF1": hashes.SHA512(),
}
DIGESTS: Final = {
    "http://www.w3.org/2001/04/xmlenc#sha256": "sha256",
    f"{_MORE}sha384": "sha384",
    "http://www.w3.org/2001/04/xmlenc#sha512": "sha512",
}
LEAST_RSA_BITS: Final = 2048
LARGEST: Final = 1_000_000  # bytes of a signature file: certificates and a time stamp take some 20 kB
