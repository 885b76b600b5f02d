"""One step of training: the losses, and the processes that share its work. Not a command.

The parts of a step run side by side, each in a process with one thread: beside other programs this
is several times as fast as OpenMP's threads, which wait for one another in every product.
"""

import argparse
from collections.abc import Callable
from typing import Any

import numpy as np
import torch
from torch import Tensor, nn

from evals.training.inputs import SENTENCE, by_length, padded
from evals.training.lists import Sampled
from evals.training.network import Network

# Of the products: processors without AVX-512 take ten times as long for bfloat16 as for float32.
HALF = torch.backends.cpu.get_cpu_capability().startswith("AVX512")

# Few different shapes: a kernel is made for every new one.
PAIRS_AT_ONCE, MULTIPLE = 10, 8


def scores_of(network: Network, lists: list[Sampled]) -> tuple[Tensor, Tensor, Tensor]:
    """Logits, labels (1 right, 0 wrong, -1 none), one row a list; and the loss of the spans."""
    pairs = [one for listed in lists for one in listed.pairs]
    spans = [span for listed in lists for span in listed.spans]
    parts, order, span_losses = [], [], []
    for group in by_length(pairs, PAIRS_AT_ONCE):
        ids, mask, types = map(torch.from_numpy, padded([pairs[k] for k in group], MULTIPLE))
        with torch.autocast("cpu", dtype=torch.bfloat16, enabled=HALF):
            logits, ends = network(ids, mask, types)
        parts.append(logits[:, 0])
        order += group
        known = [(row, spans[k]) for row, k in enumerate(group) if spans[k] is not None]
        if known:
            masked = ends.masked_fill(types[:, :, None] != SENTENCE, -1e4).log_softmax(dim=1)
            span_losses += [-masked[row, s[0], 0] - masked[row, s[1], 1] for row, s in known if s]
    flat = torch.cat(parts)[torch.tensor(np.argsort(order))]
    width = max(len(listed.pairs) for listed in lists)
    logits = torch.full((len(lists), width), -1e4)
    labels = torch.full((len(lists), width), -1)
    place = 0
    rows = []
    for row, listed in enumerate(lists):
        count = len(listed.pairs)
        rows.append(nn.functional.pad(flat[place : place + count], (0, width - count), value=-1e4))
        labels[row, :count] = torch.tensor(listed.labels)
        place += count
    logits = torch.stack(rows)
    span_loss = torch.stack(span_losses).mean() if span_losses else torch.zeros(())
    return logits, labels, span_loss


def losses(logits: Tensor, labels: Tensor) -> tuple[Tensor, Tensor]:
    """The listwise loss and the binary one, means over the lists and the candidates."""
    null = torch.zeros_like(logits[:, :1])
    total = torch.cat([null, logits], dim=1).logsumexp(dim=1)
    right = labels == 1
    some = right.any(dim=1)
    gold = torch.where(some, logits.masked_fill(~right, -1e4).logsumexp(dim=1), null[:, 0])
    binary = nn.functional.binary_cross_entropy_with_logits(logits, right.float(), reduction="none")
    there = (labels >= 0).float()
    return (total - gold).mean(), (binary * there).sum() / there.sum()


def learn(network: Network, lists: list[Sampled], share: float, options: argparse.Namespace
          ) -> dict[str, float]:  # fmt: skip
    """Add the gradients of a part of a step, which is `share` of all; what it was like."""
    logits, labels, span_loss = scores_of(network, lists)
    listwise, binary = losses(logits, labels)
    loss = (listwise + options.binary * binary + options.spans * span_loss) * share
    loss.backward()
    best = torch.cat([torch.zeros_like(logits[:, :1]), logits], dim=1).argmax(dim=1)
    null_right = ~(labels == 1).any(dim=1)
    gold = torch.cat([null_right[:, None], labels == 1], dim=1)
    return {
        "loss": listwise.item() * share, "binary": binary.item() * share,
        "span": float(span_loss.detach()) * share,
        "pairs": float(sum(len(one.pairs) for one in lists)),
        "right": gold.gather(1, best[:, None]).float().mean().item() * share,
    }  # fmt: skip


def parts_of(lists: list[Sampled], count: int) -> list[list[Sampled]]:
    """`lists` in `count` parts of about as many tokens."""
    order = sorted(lists, key=lambda one: sum(len(ids) for ids, _ in one.pairs))
    return [order[k::count] for k in range(count)]


Learn = Callable[[Network, list[Sampled], float, argparse.Namespace], dict[str, float]]


class Workers:
    """Processes that add gradients of parts of a step; their weights are this process's.

    Args:
        learn: Adds the gradients of a part, which is a share of all, and says what it was like.
    """

    def __init__(self, network: Network, steps: list[list[Sampled]], options: argparse.Namespace,
                 learn: Learn = learn) -> None:  # fmt: skip
        network.share_memory()
        self.network = network
        self.trained = [value for value in network.parameters() if value.requires_grad]
        self.steps = steps
        self.options = options
        self.learn = learn
        self.count = options.threads
        size = sum(value.numel() for value in self.trained)
        self.gradients = [torch.zeros(size).share_memory_() for _ in range(self.count - 1)]
        self.pipes = []
        for number in range(1, self.count):
            here, there = torch.multiprocessing.Pipe()
            context = torch.multiprocessing.get_context("fork")
            context.Process(target=self._serve, args=(number, there, here), daemon=True).start()
            self.pipes.append(here)

    def step(self, number: int) -> dict[str, float]:
        """Leave the gradients of a step in the weights; what it was like."""
        for pipe in self.pipes:
            pipe.send(number)
        seen = self._learn(number, 0)
        for pipe, gradient in zip(self.pipes, self.gradients, strict=True):
            for name, value in pipe.recv().items():
                seen[name] += value
            place = 0
            for weight in self.trained:
                part = gradient[place : place + weight.numel()].view_as(weight)
                weight.grad = part.clone() if weight.grad is None else weight.grad.add_(part)
                place += weight.numel()
        return seen

    def _learn(self, number: int, part: int) -> dict[str, float]:
        lists = self.steps[number]
        own = parts_of(lists, self.count)[part]
        return self.learn(self.network, own, len(own) / len(lists), self.options)

    def _serve(self, part: int, pipe: Any, other_end: Any) -> None:
        other_end.close()  # so that waiting ends when the other process does
        torch.set_num_threads(1)
        gradient = self.gradients[part - 1]
        while True:
            try:
                number = pipe.recv()
            except EOFError:
                return
            self.network.zero_grad(set_to_none=True)
            seen = self._learn(number, part)
            place = 0
            for weight in self.trained:
                view = gradient[place : place + weight.numel()]
                if weight.grad is None:
                    view.zero_()
                else:
                    view.copy_(weight.grad.reshape(-1))
                place += weight.numel()
            pipe.send(seen)
