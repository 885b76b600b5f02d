"""An attempt at a second small model: do two sentences give different answers to a question?

    items.jsonl, written by hand -> check ->
    questions over stories -> stories    -> train -> evaluate (items), judge (stories)

It is no part of the product: `RESULTS.md` says how far it got, and why it is not used. Training
needs torch, nothing else does.
"""
