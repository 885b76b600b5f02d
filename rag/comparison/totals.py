"""Statements that count something else than what a question asks to be counted.

"How many officers handed in their permits?" names an act. A sentence whose figures belong to no act
at all ("armed officers number more than 2,500") says how many there are, not how many did it.
"""

from collections.abc import Sequence

from rag.comparison.acts import read_acts
from rag.comparison.amounts import read_amounts
from rag.comparison.asking import read_question
from rag.comparison.sayings import Saying
from rag.schema import Evidence


def without_totals(question: str, groups: Sequence[list[Evidence]]) -> list[list[Evidence]]:
    """`groups` without those that only say how many there are.

    All of them when no act is counted by the question, or by any of them.
    """
    asked = {name for name, _, _ in read_acts(question)}
    if not asked or read_question(question).kind != "number":
        return list(groups)
    amounts = [read_amounts(Saying(group[0])) for group in groups]
    if not any(amount.acts & asked for found in amounts for amount in found):
        return list(groups)
    return [
        group for group, found in zip(groups, amounts, strict=True)
        if not found or any(amount.acts for amount in found)
    ]  # fmt: skip
