"""An attempt at a second small model: do two sentences give different answers to a question?

    items.jsonl, written by hand -> check -> train -> evaluate

It is no part of the product: `RESULTS.md` says how far it got, and why it is not used. Training
needs torch, nothing else does.
"""
