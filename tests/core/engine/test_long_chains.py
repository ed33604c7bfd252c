"""Depth costs nothing but time: long chains go away, and shared results are walked once, without recursion."""

from __future__ import annotations

import gc
import threading
import weakref

import chainrule.core as torch

LENGTH = 100_000


def build_and_drop() -> None:
    x = torch.tensor(1.0, requires_grad=True)
    y = x
    for _ in range(LENGTH):
        y = -y
    del x, y
    gc.collect()


def test_a_chain_is_let_go_even_where_the_stack_is_small() -> None:
    before = threading.stack_size(512 * 1024)
    try:
        worker = threading.Thread(target=build_and_drop)
        worker.start()
    finally:
        threading.stack_size(before)
    worker.join()


def test_what_backward_was_called_on_is_let_go() -> None:
    x = torch.tensor(1.0, requires_grad=True)
    y = x * 2
    y.backward()
    root = weakref.ref(y)
    del y
    assert root() is None


def test_a_ladder_of_shared_results_is_walked_once_a_node() -> None:
    x = torch.tensor(1.0, dtype=torch.float64, requires_grad=True)
    y = x
    for _ in range(60):
        y = y + y
    y.backward()
    assert x.grad.item() == 2.0**60


def test_a_fan_of_many_branches_accumulates_all() -> None:
    x = torch.tensor(2.0, dtype=torch.float64, requires_grad=True)
    total = x * 0
    for place in range(2_000):
        total = total + x * place
    total.backward()
    assert x.grad.item() == sum(range(2_000))


def test_a_long_chain_printed_by_its_nodes_has_every_link() -> None:
    x = torch.tensor(1.0, requires_grad=True)
    y = x
    for _ in range(1_000):
        y = -y
    node, count = y.grad_fn, 0
    while node.next_functions:
        assert node.name() == "NegBackward0"
        node, count = node.next_functions[0][0], count + 1
    assert count == 1_000
