"""Push messages as the RFCs have them, word for word."""

from __future__ import annotations

import jwt
import pytest
from cryptography.hazmat.primitives.asymmetric import ec

from dziennik.notifying.web_push import LONGEST, Keys, Vapid, b64url, encoded, from_b64url, sealed

# RFC 8291 s. 5 and appendix A.
SENDER = "yfWPiYE-n46HLnH0KqZOF1fJJU3MYrct3AELtAQ-oRw"
BROWSER = "BCVxsr7N_eNgVRqvHtD0zTZsEc6-VV-JvLexhqUzORcxaOzi6-AYWXvTBHm4bjyPjs7Vd8pZGH6SRpkNtoIAiw4"
MESSAGE = (
    "DGv6ra1nlYgDCS1FRnbzlwAAEABBBP4z9KsN6nGRTbVYI_c7VJSPQTBtkgcy27mlmlMoZIIgDll6e3vCYLocInmYWAmS6TlzAC8wEq"
    "KK6PBru3jl7A_yl95bQpu6cVPTpK4Mqgkf1CXztLVBSt2Ks3oZwbuwXPXLWyouBWLVWGNWQexSgSxsj_Qulcy4a-fN"
)
KEYS = Keys(from_b64url(BROWSER), from_b64url("BTBZMqHH6r4Tts7J_aSIgg"))


def test_a_message_is_sealed_as_in_rfc_8291() -> None:
    sender = ec.derive_private_key(int.from_bytes(from_b64url(SENDER), "big"), ec.SECP256R1())
    text = b"When I grow up, I want to be a watermelon"
    assert b64url(sealed(text, KEYS, salt=from_b64url("DGv6ra1nlYgDCS1FRnbzlw"), sender=sender)) == MESSAGE
    assert sealed(text, KEYS) != sealed(text, KEYS)  # a new key and salt each time


def test_a_record_is_encoded_as_in_rfc_8188() -> None:
    made = encoded(
        b"I am the walrus", from_b64url("yqdlZ-tYemfogSmv7Ws5PQ"), from_b64url("I1BsxtFttlv3u_Oo94xnmw")
    )
    assert b64url(made) == "I1BsxtFttlv3u_Oo94xnmwAAEAAA-NAVub2qFgBEuQKRapoZu-IxkIva3MEB1PD-ly8Thjg"


def test_what_does_not_fit_is_refused() -> None:
    assert len(sealed(b"x" * LONGEST, KEYS)) == 4096
    with pytest.raises(ValueError, match="do not fit"):
        sealed(b"x" * (LONGEST + 1), KEYS)


# RFC 8292 s. 2.4, where the key is that of the example.
TOKEN = (
    "eyJ0eXAiOiJKV1QiLCJhbGciOiJFUzI1NiJ9.eyJhdWQiOiJodHRwczovL3B1c2guZXhhbXBsZS5uZXQiLCJleHAiOjE0NTM1MjM3N"
    "jgsInN1YiI6Im1haWx0bzpwdXNoQGV4YW1wbGUuY29tIn0.i3CYb7t4xfxCDquptFOepC9GAu_HLGkMlMuCGSK2rpiUfnK9ojFwDXb1"
    "JrErtmysazNjjvW2L9OkSSHzvoD1oA"
)
SIGNER = "BA1Hxzyi1RUM1b5wjxsn7nGxAszw2u61m164i3MrAIxHF6YK5h4SDYic-dRuU_RCPCfA5aq9ojSwk5Y2EmClBPs"


def _claims(token: str, public: str, audience: str) -> dict[str, object]:
    key = ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), from_b64url(public))
    options: jwt.types.Options = {"verify_exp": False}
    found: dict[str, object] = jwt.decode(
        token, key, algorithms=["ES256"], audience=audience, options=options
    )
    return found


def test_who_sends_says_so_as_in_rfc_8292() -> None:
    """Signatures of ECDSA differ each time: ours must be read by what reads the example of the RFC."""
    example = _claims(TOKEN, SIGNER, "https://push.example.net")
    vapid = Vapid(bytes(range(32)), "mailto:push@example.com")
    scheme, _, words = vapid.authorization(
        "https://push.example.net/p/JzLQ3raZJfFBR0aqvOMsLrt54w4rJUsV"
    ).partition(" ")
    said = dict(word.split("=", 1) for word in words.split(", "))
    assert (scheme, set(said), said["k"]) == ("vapid", {"t", "k"}, vapid.public)
    ours = _claims(said["t"], said["k"], "https://push.example.net")
    assert set(ours) == set(example)
    assert {**ours, "exp": 0} == {**example, "exp": 0}
    assert Vapid(bytes(range(32))).public == vapid.public != Vapid(bytes(32)).public
