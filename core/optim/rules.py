"""The updates of the optimisers, each with its options: PyTorch's formulas in PyTorch's order of operations.

Every formula follows the documentation of the optimiser of that name in torch.optim. Who holds the parameters, and
what a step does around the arithmetic, stands in ``optimizer``.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import numpy as np

from chainrule.core.optim.update import Options, Update

Numbers = Mapping[str, Any]
State = Mapping[str, Any]
Faults = Iterator[tuple[str, str]]

# What PyTorch calls the options that are numbers.
TITLES = {
    "lr": "learning rate",
    "eps": "epsilon value",
    **{
        name: f"{name} value"
        for name in ("momentum", "dampening", "weight_decay", "alpha", "lr_decay", "initial_accumulator_value")
    },
}


def _negative(options: Options, *names: str) -> Faults:
    for name in names:
        if not 0.0 <= options[name]:  # noqa: SIM300 - PyTorch's order shows in what Python says of a string
            yield name, f"Invalid {TITLES[name]}: {options[name]}"


def _descent(value: Any, grad: Any, options: Options) -> Any:
    """The direction to go against: the gradient, turned round to maximise, with the weights' own pull to zero."""
    if options["maximize"]:
        grad = -grad
    return grad + options["weight_decay"] * value if options["weight_decay"] else grad


def _lerp(start: Any, end: Any, weight: float) -> Any:
    """From ``start`` to ``end`` by ``weight``, computed from the nearer end, as ``torch.lerp`` does."""
    return start + weight * (end - start) if abs(weight) < 0.5 else end - (end - start) * (1 - weight)


# SGD


def _sgd_faults(options: Options) -> Faults:
    for name in ("lr", "momentum", "weight_decay"):
        if options[name] < 0.0:  # SGD alone lets nan pass
            yield name, f"Invalid {TITLES[name]}: {options[name]}"
    if options["nesterov"] and (options["momentum"] <= 0 or options["dampening"] != 0):
        yield "nesterov", "Nesterov momentum requires a momentum and zero dampening"


def _sgd_numbers(step: Any, options: Options) -> Numbers:
    """The first gradient becomes the buffer whole: dampening begins with the second step."""
    dampening = options["dampening"]
    return {"lr": options["lr"], "take": 1.0 - dampening * (step > 1) if dampening else 1.0}


def _sgd(value: Any, grad: Any, state: State, numbers: Numbers, options: Options) -> tuple[Any, State]:
    grad = _descent(value, grad, options)
    momentum = options["momentum"]
    if not momentum:
        return value - numbers["lr"] * grad, {}
    taken = numbers["take"] * grad if options["dampening"] else grad
    buffer = momentum * state["momentum_buffer"] + taken
    direction = grad + momentum * buffer if options["nesterov"] else buffer
    return value - numbers["lr"] * direction, {"momentum_buffer": buffer}


SGD = Update(
    "SGD",
    {"lr": 1e-3, "momentum": 0, "dampening": 0, "weight_decay": 0, "nesterov": False, "maximize": False},
    faults=_sgd_faults,
    state=lambda options: ("momentum_buffer",) if options["momentum"] else (),
    numbers=_sgd_numbers,
    apply=_sgd,
    counted=False,
)


# Adam and AdamW


def _adam_faults(options: Options) -> Faults:
    yield from _negative(options, "lr", "eps")
    betas = options["betas"]
    for place in (0, 1):
        beta = betas[place]
        if not 0.0 <= beta < 1.0:
            yield "betas", f"Invalid beta parameter at index {place}: {beta}"
    yield from _negative(options, "weight_decay")
    if not (isinstance(betas[0], float) and isinstance(betas[1], float)):
        yield "betas", "betas must be either both floats or both Tensors"


def _adam_state(options: Options) -> tuple[str, ...]:
    return ("exp_avg", "exp_avg_sq", "max_exp_avg_sq") if options["amsgrad"] else ("exp_avg", "exp_avg_sq")


def _adam_numbers(step: Any, options: Options) -> Numbers:
    """The averages begin at zero; dividing by what the weights so far sum to makes up for it."""
    beta1, beta2 = options["betas"]
    return {
        "step_size": options["lr"] / (1 - beta1**step),
        "root": (1 - beta2**step) ** 0.5,
        "keep": 1 - options["lr"] * options["weight_decay"],  # of the value, where AdamW decays it
    }


def _adam(value: Any, grad: Any, state: State, numbers: Numbers, options: Options) -> tuple[Any, State]:
    return _adam_step(value, _descent(value, grad, options), state, numbers, options)


def _adamw(value: Any, grad: Any, state: State, numbers: Numbers, options: Options) -> tuple[Any, State]:
    """Here the weights' pull to zero goes by the averages: it shrinks the value itself."""
    grad = -grad if options["maximize"] else grad
    value = numbers["keep"] * value if options["weight_decay"] else value
    return _adam_step(value, grad, state, numbers, options)


def _adam_step(value: Any, grad: Any, state: State, numbers: Numbers, options: Options) -> tuple[Any, State]:
    beta1, beta2 = options["betas"]
    average = _lerp(state["exp_avg"], grad, 1 - beta1)
    square = beta2 * state["exp_avg_sq"] + (1 - beta2) * grad * grad
    following = {"exp_avg": average, "exp_avg_sq": square}
    if options["amsgrad"]:
        square = following["max_exp_avg_sq"] = np.maximum(state["max_exp_avg_sq"], square)
    size = np.sqrt(square) / numbers["root"] + options["eps"]
    return value - numbers["step_size"] * average / size, following


_ADAM_DEFAULTS = {
    "lr": 1e-3, "betas": (0.9, 0.999), "eps": 1e-8, "weight_decay": 0, "amsgrad": False, "maximize": False,
}  # fmt: skip

ADAM = Update("Adam", _ADAM_DEFAULTS, _adam_faults, _adam_state, _adam_numbers, _adam)
ADAMW = Update("AdamW", _ADAM_DEFAULTS | {"weight_decay": 1e-2}, _adam_faults, _adam_state, _adam_numbers, _adamw)


# RMSprop


def _rmsprop_state(options: Options) -> tuple[str, ...]:
    buffer = ("momentum_buffer",) if options["momentum"] > 0 else ()
    return ("square_avg", *buffer, *(("grad_avg",) if options["centered"] else ()))


def _rmsprop(value: Any, grad: Any, state: State, numbers: Numbers, options: Options) -> tuple[Any, State]:
    grad = _descent(value, grad, options)
    alpha, momentum, lr = options["alpha"], options["momentum"], numbers["lr"]
    square = alpha * state["square_avg"] + (1 - alpha) * grad * grad
    following = {"square_avg": square}
    if options["centered"]:
        average = following["grad_avg"] = _lerp(state["grad_avg"], grad, 1 - alpha)
        square = square - average * average
    size = np.sqrt(square) + options["eps"]
    if momentum > 0:
        buffer = following["momentum_buffer"] = momentum * state["momentum_buffer"] + grad / size
        return value - lr * buffer, following
    return value - lr * grad / size, following


RMSPROP = Update(
    "RMSprop",
    {"lr": 1e-2, "alpha": 0.99, "eps": 1e-8, "weight_decay": 0, "momentum": 0, "centered": False, "maximize": False},
    faults=lambda options: _negative(options, "lr", "eps", "momentum", "weight_decay", "alpha"),
    state=_rmsprop_state,
    numbers=lambda step, options: {"lr": options["lr"]},
    apply=_rmsprop,
)


# Adagrad


def _adagrad(value: Any, grad: Any, state: State, numbers: Numbers, options: Options) -> tuple[Any, State]:
    grad = _descent(value, grad, options)
    total = state["sum"] + grad * grad
    return value - numbers["lr"] * grad / (np.sqrt(total) + options["eps"]), {"sum": total}


ADAGRAD = Update(
    "Adagrad",
    {
        "lr": 1e-2, "lr_decay": 0, "weight_decay": 0, "initial_accumulator_value": 0, "eps": 1e-10, "maximize": False,
    },
    faults=lambda options: _negative(
        options, "lr", "lr_decay", "weight_decay", "initial_accumulator_value", "eps"
    ),
    state=lambda options: ("sum",),
    initial=lambda options: {"sum": options["initial_accumulator_value"]},
    numbers=lambda step, options: {"lr": options["lr"] / (1 + (step - 1) * options["lr_decay"])},
    apply=_adagrad,
)  # fmt: skip


UPDATES = {update.name: update for update in (SGD, ADAM, ADAMW, RMSPROP, ADAGRAD)}
