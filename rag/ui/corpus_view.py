"""The corpus as HTML: the list, one document, what a run did. Everything is escaped here.

Only what is looked at reaches the browser: a page of the list, a page of lines.
"""

from collections import Counter
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from html import escape
from pathlib import Path

from rag.config import Config
from rag.embedding import get_embedder
from rag.index import Index
from rag.schema import Document
from rag.store import DocumentSummary
from rag.synthesis import format_date
from rag.synthesis.wording import count_of
from rag.ui.indexing import Run

ROWS = 25
LINES = 300
MAX_LINE_CHARS = 5_000
MAX_RESULTS = 200

_STAGES = {
    "saving": "Saving files", "reading": "Reading articles", "embedding": "Indexing articles",
    "publishing": "Publishing the index",
}  # fmt: skip

STYLE = """
table { width: 100%; border-collapse: collapse; }
th, td { text-align: left; padding: .35rem .5rem; vertical-align: top;
  border-bottom: 1px solid var(--border-color-primary); overflow-wrap: anywhere; }
th { font-weight: 600; }
td.number, th.number { text-align: right; font-variant-numeric: tabular-nums; }
button { font: inherit; color: inherit; background: none; border: 1px solid currentColor;
  border-radius: .3rem; padding: .15rem .6rem; cursor: pointer; }
button.link { border: 0; padding: 0; text-align: left; text-decoration: underline; }
button:focus-visible, input:focus-visible { outline: 3px solid var(--color-accent); }
button[disabled] { opacity: .5; cursor: default; }
nav { display: flex; flex-wrap: wrap; gap: .5rem; align-items: center; margin: .5rem 0; }
input[type=checkbox] { appearance: auto; width: 1.15rem; height: 1.15rem; background: none;
  accent-color: var(--color-accent); }
h2 { font-size: 1.1rem; font-weight: 600; margin: 0; }
.lines td, .lines th { border: 0; padding: .1rem .75rem .1rem 0; }
.lines th { text-align: right; width: 3.5rem; font-weight: 400; font-family: monospace;
  user-select: none; white-space: nowrap; }
.lines td { white-space: pre-wrap; }
.unseen { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); }
progress { width: 100%; max-width: 30rem; }
.error { font-weight: 600; }
.list + button, .list + nav + button { margin-top: .5rem; }
@media (max-width: 40rem) {
  .list thead { position: absolute; clip-path: inset(50%); }
  .list tr { display: flex; flex-wrap: wrap; gap: 0 .75rem; padding: .5rem 0;
    border-bottom: 1px solid var(--border-color-primary); }
  .list td { border: 0; padding: 0; font-size: .875rem; }
  .list .title { flex: 1 0 75%; font-size: 1rem; }
  .list td .unseen { position: static; clip-path: none; }
}
"""

# One listener for whatever the HTML holds, now and later. An article that opens gets the focus;
# what is asked, and a run that begins, come into sight.
SCRIPT = """
let wasRunning = false;
element.addEventListener('click', (event) => {
  const button = event.target.closest('button[data-action]');
  if (!button || button.disabled) return;
  const ticked = [...element.querySelectorAll('input[data-path]:checked')];
  trigger('act', {
    action: button.dataset.action,
    value: button.dataset.value || '',
    paths: ticked.map((box) => box.dataset.path),
  });
});
watch('value', () => {
  const opened = element.querySelector('section[tabindex]');
  if (opened) opened.focus();
  const running = element.querySelector('progress');
  if ((running && !wasRunning) || element.querySelector('[role=alert]'))
    element.scrollIntoView({ block: 'nearest' });
  wasRunning = Boolean(running);
});
"""


@dataclass(frozen=True)
class Wanted:
    """Which documents the list is to show.

    Attributes:
        text: Words that title, publisher or path hold, all of them, in any letter case.
        publishers: Only these, in any letter case, or those whose names hold what is no publisher's
            name; empty: all.
        first, last: Only published from and to these days.
    """

    text: str = ""
    publishers: tuple[str, ...] = ()
    first: date | None = None
    last: date | None = None


def select(summaries: Sequence[DocumentSummary], wanted: Wanted) -> list[DocumentSummary]:
    """The documents that are wanted, newest first, those without a date last."""
    words = wanted.text.casefold().split()
    names = _resolve(summaries, wanted.publishers)
    found = [item for item in summaries if _is_wanted(item, words, names, wanted)]
    found.sort(key=lambda item: item.document_id)
    found.sort(key=lambda item: item.published or date.min, reverse=True)
    return found


def _resolve(summaries: Iterable[DocumentSummary], wanted: Sequence[str]) -> set[str]:
    """The publishers, in small letters, that are meant; what a name is part of as well.

    Example: of "The Gull" and "Gull Radio", "the gull" -> {"the gull"}; "gull" -> both
    """
    known = {item.publisher.casefold() for item in summaries if item.publisher}
    found: set[str] = set()
    for name in (name.casefold() for name in wanted):
        found |= {name} if name in known else {other for other in known if name in other}
    return found


def _is_wanted(
    item: DocumentSummary, words: Sequence[str], names: Collection[str], wanted: Wanted
) -> bool:
    if wanted.publishers and (item.publisher or "").casefold() not in names:
        return False
    if wanted.first and (item.published is None or item.published < wanted.first):
        return False
    if wanted.last and (item.published is None or item.published > wanted.last):
        return False
    if not words:
        return True
    text = f"{item.title or ''}\n{item.publisher or ''}\n{item.document_id}".casefold()
    return all(word in text for word in words)


def publishers(summaries: Iterable[DocumentSummary]) -> list[str]:
    """The publishers that there are, in order of the alphabet."""
    return sorted({item.publisher for item in summaries if item.publisher}, key=str.casefold)


def render_list(index: Index, found: Sequence[DocumentSummary], page: int, *, edit: bool) -> str:
    """One page of the list, from 0; with `edit`, documents can be ticked and removed."""
    if not index.document_count:
        return '<p role="status">There are no articles yet. Add some below.</p>'
    if not found:
        return f'<p role="status">No article matches. {escape(_shelf(index))}</p>'
    pages = -(-len(found) // ROWS)
    page = min(max(page, 0), pages - 1)
    shown = found[page * ROWS : (page + 1) * ROWS]
    rows = "".join(_row(index, item, edit=edit) for item in shown)
    tick = '<th scope="col"><span class="unseen">Choose</span></th>' if edit else ""
    remove = '<button data-action="ask-remove">Remove the ticked articles</button>' if edit else ""
    first, last = page * ROWS + 1, page * ROWS + len(shown)
    return (
        f'<p role="status">{first:,}-{last:,} of {count_of(len(found), "article")}</p>'
        f'<table class="list"><caption class="unseen">Articles</caption><thead><tr>{tick}'
        '<th scope="col">Article</th><th scope="col">Publisher</th><th scope="col">Published</th>'
        '<th scope="col" class="number">Lines</th><th scope="col" class="number">Clutter</th>'
        f"</tr></thead><tbody>{rows}</tbody></table>{_pages(page, pages, 'page')}{remove}"
    )


def _shelf(index: Index) -> str:
    """What there is to choose from.

    Example: "There are 3 articles of 2 publishers, from 14 March 2024 to 16 March 2024."
    """
    shelf = index.document_metadata()
    days = sorted(item.published for item in shelf if item.published)
    period = f", from {format_date(days[0])} to {format_date(days[-1])}" if days else ""
    held = f"{count_of(len(shelf), 'article')} of {count_of(len(publishers(shelf)), 'publisher')}"
    return f"There {'is' if len(shelf) == 1 else 'are'} {held}{period}."


def _row(index: Index, item: DocumentSummary, *, edit: bool) -> str:
    path = escape(item.document_id, quote=True)
    clutter = len(index.document(item.document_id).boilerplate)
    tick = (
        f'<td><input type="checkbox" data-path="{path}" aria-label="Choose {path}"></td>'
        if edit
        else ""
    )
    return (
        f'<tr>{tick}<td class="title"><button class="link" data-action="open" data-value="{path}">'
        f"{escape(item.title or item.document_id)}</button><br><small>{path}</small></td>"
        f"<td>{escape(item.publisher or 'unknown')}</td>"
        f"<td>{format_date(item.published)}</td>"
        f'<td class="number">{item.line_count:,}<span class="unseen"> lines</span></td>'
        f'<td class="number">{clutter:,}<span class="unseen"> of them clutter</span></td></tr>'
    )


def render_document(document: Document, page: int, *, edit: bool) -> str:
    """A page of the lines of a document, from 0; clutter is dimmed."""
    pages = -(-document.line_count // LINES)
    page = min(max(page, 0), pages - 1)
    first = page * LINES + 1
    last = min(first + LINES - 1, document.line_count)
    rows = "".join(_line(document, number) for number in range(first, last + 1))
    path = escape(document.path, quote=True)
    origin = ", ".join(
        part for part in (document.publisher, document.author, format_date(document.published))
        if part
    )  # fmt: skip
    notes = [f"{document.line_count:,} lines, {len(document.boilerplate):,} of them clutter"]
    if document.rendering == "extracted":
        notes.append("these are the lines of the text extracted from the file")
    if document.also_paths:
        notes.append(f"also in {', '.join(document.also_paths)}")
    notes.append(f"version {document.document_hash[:12]}")
    remove = (
        f'<button data-action="ask-remove-one" data-value="{path}">Remove this article</button>'
        if edit
        else ""
    )
    return (
        f'<section tabindex="-1" aria-label="Article {path}">'
        f"<h2>{escape(document.title or document.path)}</h2>"
        f"<p>{escape(origin)}<br><small>{path}; {escape('; '.join(notes))}</small></p>"
        f'<nav><button data-action="close">Close</button>{remove}</nav>'
        f'<table class="lines"><tbody>{rows}</tbody></table>'
        f"{_pages(page, pages, 'lines')}</section>"
    )


def _line(document: Document, number: int) -> str:
    text = document.lines(number, number)
    shown = escape(text[:MAX_LINE_CHARS]) + (" …" if len(text) > MAX_LINE_CHARS else "")
    is_clutter = number in document.boilerplate
    mark = '<span class="unseen"> clutter</span>' if is_clutter else ""
    kind = ' class="clutter"' if is_clutter else ""
    return f'<tr{kind}><th scope="row">{number}{mark}</th><td>{shown}</td></tr>'


def _pages(page: int, pages: int, action: str) -> str:
    if pages == 1:
        return ""
    back = "disabled" if page == 0 else ""
    on = "disabled" if page == pages - 1 else ""
    return (
        f'<nav aria-label="Pages"><button data-action="{action}" data-value="{page - 1}" {back}>'
        f"Previous</button><span>page {page + 1:,} of {pages:,}</span>"
        f'<button data-action="{action}" data-value="{page + 1}" {on}>Next</button></nav>'
    )


def render_statistics(index: Index, config: Config) -> str:
    """What the index holds, how large it is, and when and with what it was built."""
    built = _built(config.index_dir)
    when = f"{built:%-d %B %Y, %H:%M}" if built else "never"
    notice = ""
    if index.notice:
        notice = f'<p class="error">About the index: {escape(index.notice)}.</p>'
    held = f"{count_of(index.document_count, 'article')} in {count_of(index.chunk_count, 'chunk')}"
    return (
        f"<p>{held}; {_size(config.index_dir) / 1e6:,.1f} MB on disk; embedded with "
        f"{escape(get_embedder(config).name)}; built {when}.</p>{notice}"
    )


def render_run(run: Run | None) -> str:
    """How far a run is, or what it did to each file."""
    if run is None:
        return ""
    title = escape(run.title)
    if not run.finished.is_set():
        stage = _STAGES.get(run.stage, run.stage)
        count = f"{run.done:,} of {run.total:,}" if run.total else ""
        value = f' value="{run.done}" max="{run.total}"' if run.total else ""
        return (
            f'<p role="status">{title}. {stage} {count}</p>'
            f'<progress aria-label="{stage}"{value}></progress>'
            "<p>This page may be closed; the work goes on.</p>"
        )
    parts = [f'<p role="status">{title}: {escape(_outcome(run))}</p>']
    if run.error:
        parts.append(f'<p class="error" role="alert">{escape(run.error)}</p>')
    if run.results:
        rows = "".join(
            f"<tr><td>{escape(item.name)}</td><td>{_states(item.state, run)}</td>"
            f"<td>{escape(item.detail)}</td></tr>"
            for item in sorted(run.results, key=lambda item: item.state != "skipped")[:MAX_RESULTS]
        )
        left = len(run.results) - MAX_RESULTS
        more = f"<p>and {left:,} more</p>" if left > 0 else ""
        parts.append(
            '<table><caption class="unseen">What became of each file</caption><thead><tr>'
            '<th scope="col">File</th><th scope="col">Result</th><th scope="col">Why</th></tr>'
            f"</thead><tbody>{rows}</tbody></table>{more}"
        )
    return "".join(parts)


def _states(state: str, run: Run) -> str:
    return "saved, not indexed yet" if state == "saved" and run.error else state


def _outcome(run: Run) -> str:
    counts = Counter(item.state for item in run.results)
    parts = [f"{count:,} {state}" for state, count in counts.items()]
    if run.report is not None:
        report = run.report
        if not run.results:
            parts += [
                f"{len(items):,} {name}"
                for name, items in (
                    ("added", report.added), ("changed", report.changed),
                    ("removed", report.removed), ("renamed", report.renamed),
                    ("skipped", report.skipped),
                )
                if items
            ]  # fmt: skip
        parts.append(f"the index holds {count_of(report.documents, 'article')}")
    return ", ".join(parts) or ("not finished" if run.error else "nothing to do")


def _built(index_dir: Path) -> datetime | None:
    try:
        return datetime.fromtimestamp((index_dir / "CURRENT").stat().st_mtime).astimezone()
    except OSError:
        return None


def _size(folder: Path) -> int:
    """Bytes of all files below a folder; those that vanish meanwhile count nothing."""
    total = 0
    for path in folder.rglob("*"):
        try:
            total += path.stat().st_size if path.is_file() else 0
        except OSError:
            continue
    return total
