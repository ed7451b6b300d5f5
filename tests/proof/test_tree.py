"""Does the tree on tiles say the same as the verifier's, for every size, however it grew?"""

from __future__ import annotations

from hashlib import sha256
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dziennik.proof.tiles import Tiles
from dziennik.proof.tree import Tree
from dziennik.verify import merkle

LEAVES = [merkle.leaf_hash(b"%d" % number) for number in range(700)]
SIZES = (0, 1, 2, 3, 5, 8, 100, 255, 256, 257, 300, 511, 512, 513, 700)


def roots() -> list[bytes]:
    tree = merkle.Tree()
    found = [tree.root()]
    for leaf in LEAVES:
        tree.add(leaf)
        found.append(tree.root())
    return found


ROOTS = roots()


def grown(folder: Path, *sizes: int) -> Tree:
    """A tree that was written and taken up again at each of the sizes."""
    size = 0
    for until in sizes:
        tree = Tree(Tiles(folder), size)
        tree.add(LEAVES[size:until])
        tree.write()
        size = until
    return Tree(Tiles(folder), size)


def test_roots_at_every_size_of_the_past(tmp_path: Path) -> None:
    tree = grown(tmp_path, 1, 256, 300, 700)
    assert [tree.root(size) for size in range(701)] == ROOTS
    assert [tree.leaf(index) for index in range(700)] == LEAVES


def test_roots_before_anything_is_written(tmp_path: Path) -> None:
    tree = Tree(Tiles(tmp_path), 0)
    for size in range(1, 701):
        tree.add([LEAVES[size - 1]])
        assert tree.root() == ROOTS[size]
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize("size", SIZES[1:])
def test_inclusion_proofs_lead_to_the_root(tmp_path: Path, size: int) -> None:
    tree = grown(tmp_path, 700)
    for index in {0, 1, size // 2, max(size - 2, 0), size - 1} & set(range(size)):
        path = tree.inclusion(index, size)
        assert merkle.root_of_inclusion(index, size, LEAVES[index], path) == ROOTS[size]


@pytest.mark.parametrize("size", SIZES)
def test_consistency_proofs_lead_from_root_to_root(tmp_path: Path, size: int) -> None:
    tree = grown(tmp_path, 700)
    for older in [one for one in SIZES if one <= size]:
        assert merkle.consistent(older, ROOTS[older], size, ROOTS[size], tree.consistency(older, size))


@settings(max_examples=25, deadline=None)
@given(steps=st.lists(st.integers(0, 700), min_size=1, max_size=6))
def test_however_it_grew_it_is_the_same(tmp_path_factory: pytest.TempPathFactory, steps: list[int]) -> None:
    sizes = sorted(steps)
    tree = grown(tmp_path_factory.mktemp("log"), *sizes)
    assert tree.root() == ROOTS[sizes[-1]]
    for older, size in pairwise(sizes):
        assert merkle.consistent(older, ROOTS[older], size, ROOTS[size], tree.consistency(older, size))


def test_tiles_stand_where_the_specification_puts_them(tmp_path: Path) -> None:
    """C2SP tlog-tiles: a tree of 256 has one full tile of level 0 and a partial one of width 1 above."""
    grown(tmp_path, 256)
    there = sorted(str(file.relative_to(tmp_path)) for file in tmp_path.rglob("*") if file.is_file())
    assert there == ["tile/0/000", "tile/1/000.p/1"]
    tiles = Tiles(tmp_path)
    tiles.write(0, 1234067, bytes(32))
    assert (tmp_path / "tile/0/x001/x234/067.p/1").read_bytes() == bytes(32)
    full = (tmp_path / "tile/0/000").read_bytes()
    assert sha256(full).digest() == sha256(b"".join(LEAVES[:256])).digest()


@pytest.mark.parametrize(("older", "size"), [(3, 2), (-1, 2), (2, 701)])
def test_what_is_not_there_is_not_proven(tmp_path: Path, older: int, size: int) -> None:
    tree = grown(tmp_path, 700)
    with pytest.raises(IndexError):
        tree.consistency(older, size)
    with pytest.raises(IndexError):
        tree.inclusion(size if older >= 0 else -1, size)
