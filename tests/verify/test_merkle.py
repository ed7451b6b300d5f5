"""Known answers: the RFC 6962 example tree that Certificate Transparency's own tests share, and RFC 9162's.

The eight leaves and the hashes of all their subtrees are published with github.com/transparency-dev/merkle.
"""

from __future__ import annotations

import pytest

from dziennik.verify.merkle import EMPTY, Tree, consistent, leaf_hash, node_hash, root_of_inclusion

LEAVES = [
    bytes.fromhex(text)
    for text in (
        "", "00", "10", "2021", "3031", "40414243", "5051525354555657", "606162636465666768696a6b6c6d6e6f",
    )
]  # fmt: skip
ROOTS = [
    "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
]
# Nodes of that tree by level and place.
N01 = "96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7"
N02 = "0298d122906dcfc10892cb53a73992fc5b9f493ea4c9badb27b791b4127a7fe7"
N03 = "07506a85fd9dd2f120eb694f86011e5bb4662e5c415a62917033d4a9624487e7"
N04 = "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b"
N10 = "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125"
N11 = "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e"
N12 = "0ebc5d3437fbe2db158b9f126a1d118e308181031d0a949f8dededebc558ef6a"
N13 = "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0"
N20 = "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7"
N21 = "6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4"


def path(*hashes: str) -> list[bytes]:
    return [bytes.fromhex(one) for one in hashes]


def root(size: int) -> bytes:
    return bytes.fromhex(ROOTS[size])


def test_roots_of_all_sizes() -> None:
    tree = Tree()
    assert tree.root() == EMPTY == root(0)
    for size, leaf in enumerate(LEAVES, 1):
        tree.add(leaf_hash(leaf))
        assert tree.root() == root(size)


@pytest.mark.parametrize(
    ("index", "size", "steps"),
    [
        (0, 1, path()),
        (0, 8, path(N01, N11, N21)),
        (2, 3, path(N10)),
        (3, 8, path(N02, N10, N21)),
        (4, 5, path(N20)),
        (5, 8, path(N04, N13, N20)),
    ],
)
def test_known_inclusion_proofs(index: int, size: int, steps: list[bytes]) -> None:
    leaf = leaf_hash(LEAVES[index])
    assert root_of_inclusion(index, size, leaf, steps) == root(size)
    for wrong in (steps[:-1], [*steps, root(0)], [root(0), *steps[1:]]):
        if wrong != steps:
            assert root_of_inclusion(index, size, leaf, wrong) != root(size)
    for other in range(-1, size + 1):
        if other != index:
            assert root_of_inclusion(other, size, leaf, steps) != root(size)


@pytest.mark.parametrize(
    ("first", "second", "steps"),
    [
        (1, 1, path()),
        (1, 8, path(N01, N11, N21)),
        (6, 8, path(N12, N13, N20)),
        (2, 5, path(N11, N04)),
        (3, 7, path(N02, N03, N10, "")),
    ],
)
def test_known_consistency_proofs(first: int, second: int, steps: list[bytes]) -> None:
    if (first, second) == (3, 7):  # the right half of the tree of seven: node (1, 2) and leaf 6
        steps[-1] = node_hash(bytes.fromhex(N12), leaf_hash(LEAVES[6]))
    assert consistent(first, root(first), second, root(second), steps)
    assert not consistent(first, root(first + 1), second, root(second), steps)
    assert not consistent(first, root(first), second, root(second - 1), steps)
    for i in range(len(steps)):
        assert not consistent(first, root(first), second, root(second), steps[:i] + steps[i + 1 :])
        changed = [*steps[:i], bytes(32), *steps[i + 1 :]]
        assert not consistent(first, root(first), second, root(second), changed)
    assert not consistent(first, root(first), second, root(second), [*steps, bytes(32)])


def test_the_example_of_the_rfc() -> None:
    """RFC 9162, 2.1.5: the tree of seven leaves and the proofs that are spelt out there."""
    d0, d1, d2, d3, d4, d5, d6 = (leaf_hash(leaf) for leaf in LEAVES[:7])
    g, h, i, j = node_hash(d0, d1), node_hash(d2, d3), node_hash(d4, d5), d6
    k, m = node_hash(g, h), node_hash(i, j)
    whole = node_hash(k, m)
    assert whole == root(7)
    # "The inclusion proof for d0 is [b, h, l]", d3 [c, g, l], d4 [f, j, k], d6 [i, k].
    for index, leaf, steps in (
        (0, d0, [d1, h, m]),
        (3, d3, [d2, g, m]),
        (4, d4, [d5, j, k]),
        (6, d6, [i, k]),
    ):
        assert root_of_inclusion(index, 7, leaf, steps) == whole
    # "hash0 = the tree of three, hash1 of four, hash2 of six": proofs [c, d, g, l], [l], [i, j, k].
    assert consistent(3, root(3), 7, whole, [d2, d3, g, m])
    assert consistent(4, root(4), 7, whole, [m])
    assert consistent(6, root(6), 7, whole, [i, j, k])


def test_the_empty_tree_begins_every_tree_and_nothing_else_does_without_a_proof() -> None:
    assert consistent(0, root(0), 8, root(8), [])
    assert not consistent(0, root(1), 8, root(8), [])
    assert not consistent(3, root(3), 8, root(8), [])
    assert not consistent(8, root(8), 3, root(3), [])
    assert not consistent(-1, root(0), 3, root(3), [])
