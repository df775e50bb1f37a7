"""The tree against the roots that Certificate Transparency published, and against a definition of its own."""

from hashlib import sha256

import pytest
from hypothesis import given
from hypothesis import strategies as st

from governance.ledger.tree import (
    EMPTY_ROOT,
    Frontier,
    consistency_proof,
    consistent,
    included,
    inclusion_proof,
    leaf_hash,
)

CT_LEAVES = [
    bytes.fromhex(leaf)
    for leaf in (
        "",
        "00",
        "10",
        "2021",
        "3031",
        "40414243",
        "5051525354555657",
        "606162636465666768696a6b6c6d6e6f",
    )
]
CT_ROOTS = [
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
]
"""Source: the reference trees of certificate-transparency, sizes 1 to 8."""
LARGEST = 70
LEAVES = [leaf_hash(str(number).encode()) for number in range(LARGEST)]


def root_by_definition(leaves):
    """RFC 6962, section 2.1, as it is written."""
    if not leaves:
        return sha256(b"").digest()
    if len(leaves) == 1:
        return leaves[0]
    left = 1
    while left * 2 < len(leaves):
        left *= 2
    return sha256(b"\x01" + root_by_definition(leaves[:left]) + root_by_definition(leaves[left:])).digest()


def subtree(level, index):
    return root_by_definition(LEAVES[index << level : (index + 1) << level])


def grown(leaves):
    tree = Frontier()
    for leaf in leaves:
        tree, _ = tree.grown(leaf)
    return tree


ROOTS = [root_by_definition(LEAVES[:size]) for size in range(LARGEST + 1)]


def test_the_published_roots_are_ours():
    hashes = [leaf_hash(leaf) for leaf in CT_LEAVES]
    assert [grown(hashes[:size]).root.hex() for size in range(1, 9)] == CT_ROOTS
    assert Frontier().root == EMPTY_ROOT == sha256(b"").digest()


def test_the_frontier_has_the_root_of_the_definition_at_every_size():
    tree = Frontier()
    for size, leaf in enumerate(LEAVES):
        assert (tree.size, tree.root) == (size, ROOTS[size])
        assert len(tree.peaks) == size.bit_count()
        assert tree == Frontier.at(size, subtree) == Frontier.decode(size, tree.joined)
        tree, _ = tree.grown(leaf)


def test_an_entry_names_the_subtrees_it_completed():
    tree = Frontier()
    for number, leaf in enumerate(LEAVES):
        tree, completed = tree.grown(leaf)
        expected = [subtree(level, number >> level) for level in range(1, 8) if (number + 1) % (1 << level) == 0]
        assert list(completed) == expected


def test_every_inclusion_proof_is_accepted_at_its_own_place_alone():
    for size in range(1, 34):
        for index in range(size):
            proof = inclusion_proof(subtree, index, size)
            accepted = [other for other in range(size) if included(LEAVES[index], other, size, proof, ROOTS[size])]
            assert accepted == [index]
            assert not included(LEAVES[index], index, size, proof, ROOTS[size + 1])
            assert not included(LEAVES[index], index, size, [*proof, ROOTS[1]], ROOTS[size])
            assert not (proof and included(LEAVES[index], index, size, proof[:-1], ROOTS[size]))


def test_every_consistency_proof_is_accepted_between_its_own_sizes_alone():
    for new in range(34):
        for old in range(new + 1):
            proof = consistency_proof(subtree, old, new)
            assert consistent((old, ROOTS[old]), (new, ROOTS[new]), proof)
            # Every tree begins with the empty one.
            assert not old or not consistent((old, ROOTS[old]), (new, ROOTS[new + 1]), proof)
            assert not consistent((old, ROOTS[old + 1]), (new, ROOTS[new]), proof)
            assert not consistent((old, ROOTS[old]), (new, ROOTS[new]), [*proof, ROOTS[1]])
            if proof:
                assert not consistent((old, ROOTS[old]), (new, ROOTS[new]), proof[:-1])


@given(st.data())
def test_no_changed_bit_of_a_proof_is_accepted(data):
    new = data.draw(st.integers(2, LARGEST))
    old = data.draw(st.integers(1, new - 1))
    both = [consistency_proof(subtree, old, new), inclusion_proof(subtree, old, new)]
    for proof in both:
        at = data.draw(st.integers(0, len(proof) * 256 - 1))
        whole = int.from_bytes(b"".join(proof)) ^ (1 << at)
        joined = whole.to_bytes(len(proof) * 32)
        proof[:] = [joined[start : start + 32] for start in range(0, len(joined), 32)]
    assert not consistent((old, ROOTS[old]), (new, ROOTS[new]), both[0])
    assert not included(LEAVES[old], old, new, both[1], ROOTS[new])


def test_a_proof_that_cannot_be_is_not_made():
    with pytest.raises(ValueError, match="no such leaf"):
        inclusion_proof(subtree, 5, 5)
    with pytest.raises(ValueError, match="only grows"):
        consistency_proof(subtree, 6, 5)
    assert not included(LEAVES[0], 1, 1, [], ROOTS[1])
    assert not consistent((6, ROOTS[6]), (5, ROOTS[5]), [])


def test_a_frontier_with_too_few_hashes_is_not_read():
    with pytest.raises(ValueError, match="one hash for every bit"):
        Frontier.decode(3, bytes(32))


def test_an_inner_node_never_passes_for_an_entry():
    left, right = LEAVES[:2]
    assert leaf_hash(left + right) != grown(LEAVES[:2]).root
