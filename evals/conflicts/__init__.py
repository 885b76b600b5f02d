"""The pair model: do two sentences give different answers to a question?

    items.jsonl, written by hand -> check ->
    questions over stories -> stories    -> train -> evaluate (items), judge (stories) -> export
    questions over real news -> news     ->
    contrasts: the constants by which the package weighs what the model says

`RESULTS.md` says what it is worth. Training needs torch, nothing else does.
"""
