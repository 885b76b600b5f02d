"""The patterns of lines that are the page and not the article, by name, with the reason.

All are matched against a whole normalised line (`rag.corpus.clutter.normalise`): small letters,
straight quotes, single spaces, without Markdown.
"""

import re

AGENCY = (
    r"(?:afp|ap|pa|epa|ani|pti|upi|tass|xinhua|anadolu(?: agency)?|reuters|associated press"
    r"|ap photo|pa (?:media|wire|images)|press association|getty(?: images)?|shutterstock|alamy"
    r"|istock(?:photo)?|unsplash|pexels|bloomberg|bbc|cnn|imago|zuma|rex(?: features)?|instagram"
    r"|facebook|twitter|supplied|handout|wikimedia commons|agence france-presse)"
)
_NETWORK = (
    r"(?:facebook|twitter|x|instagram|linkedin|whatsapp|telegram|pinterest|reddit|tumblr|youtube"
    r"|tiktok|threads|bluesky|mastodon|messenger|flipboard|e-?mail|print|sms|copy link|google news"
    r"|rss|snapchat|weibo|viber|line|mail)"
)


def _whole(*alternatives: str) -> re.Pattern[str]:
    """A pattern for normalised whole lines; a final mark and an arrow make no difference."""
    return re.compile(rf"(?:{'|'.join(alternatives)})\s*[.!:*\u2026\u00bb\u203a>\u2192]*")


RULES: tuple[tuple[str, re.Pattern[str]], ...] = (
    # Invitations to a newsletter speak of the outlet's e-mails, not of the news.
    (
        "newsletter",
        _whole(
            r"receive free .{1,80} updates",
            r"(?:we|i).{0,5}ll (?:send|e-?mail) you (?:a|an|our|the|all) .{0,60}"
            r"\b(?:e-?mail|newsletter|digest|round-?up)\b.{0,150}",
            r"(?:sign|signing) up (?:now |here |today |free )?(?:for|to|here|now|below)\b.{0,80}"
            r"\b(?:newsletters?|inbox|digest)\b.{0,60}",
            r"sign up (?:for|to) (?:our|free|daily|weekly|breaking news) .{0,40}"
            r"\b(?:e-?mails?|alerts|briefings?)\b.{0,60}",
            r"(?:subscribe|register) (?:now )?(?:to|for) (?:our|the|my|this) .{0,60}"
            r"\b(?:newsletters?|e-?mails?|channel|podcast|alerts)\b.{0,60}",
            r"get (?:our|the|all) .{0,60}\b(?:newsletters?|in your inbox"
            r"|(?:straight|direct|sent|right|delivered) to your inbox)\b.{0,60}",
            r"(?:please )?enter your e-?mail(?: address)?\b.{0,60}",
            r"sign up to (?:myft|our) .{0,60}",
            r"(?:you can )?unsubscribe at any ?time\b.{0,60}",
        ),
    ),
    # Buttons that pass the page on.
    (
        "share box",
        _whole(
            r"share (?:this|the)(?: (?:article|story|post|page|news|video|link|on|with|via))?",
            r"share (?:on|via|to) (?:your )?[\w ]{1,30}",
            rf"(?:share (?:on|via) |share: ?|share )?{_NETWORK}(?:[ ,/|]+(?:and |&)? ?{_NETWORK})+"
            r"(?: share)?",
            rf"(?:share|tweet|pin|post|e-?mail) (?:it|this)(?: (?:on|via|to) {_NETWORK})?",
            rf"(?:click to )?share(?: this| it)? on {_NETWORK}(?: \(opens in new window\))?",
            r"(?:click to )?(?:copy|e-?mail|print|save) (?:a |the |this )?(?:link|article|page)\b"
            r".{0,40}",
        ),
    ),
    # The form for readers' comments.
    (
        "comment box",
        _whole(
            r"leave a (?:comment|reply)(?: cancel reply)?",
            r"(?:post|add|write|submit) (?:a|your) (?:comment|reply)",
            r"cancel reply|reply cancel",
            r"(?:view|show|read|see|hide|load)(?: all| more)? (?:\d+ )?comments(?: \(\d+\))?",
            r"(?:no|\d+) comments?(?: yet)?",
            r"your e-?mail address will not be published\b.{0,80}",
            r"required fields are marked",
            r"save my name, e-?mail,? .{0,100}",
            r"you must be (?:logged|signed) in to (?:post|leave|write) a comment",
            r"comments (?:are|have been) closed.{0,30}",
            r"(?:log|sign) in to (?:comment|leave a comment|post a comment|reply)",
            r"join the (?:conversation|discussion)",
        ),
    ),
    # How long reading takes says nothing of the subject; the name before it is an author box.
    (
        "reading time",
        _whole(
            r"(?:by )?(?:[\w.'-]+ ){0,4}\(?\d{1,3}[ -]min(?:ute)?s?[ -]read\)?",
            r"(?:estimated )?reading time:? ?(?:about )?\d{1,3} ?min(?:ute)?s?",
        ),
    ),
    # Who took the picture; names are told by their capitals in CASE_RULES.
    (
        "image credit",
        _whole(
            r"(?:image|photo|picture|video) source ?[,:;] ?[^.]{1,60}",
            r"(?:image|photo|picture) (?:credits?|copyright) ?[,:;] ?[^.]{1,60}",
            rf"(?:\u00a9 ?|\(c\) ?|\()?{AGENCY}(?:(?: via |/| / |, ?){AGENCY})+\)?",
            rf"(?:\u00a9|\(c\)) ?{AGENCY}(?: images)?|\({AGENCY}\)|embed from {AGENCY}",
            r"getty images|(?:getty|shutterstock|alamy)(?: stock photo)?",
        ),
    ),
    # Links for keyboards and screen readers.
    ("skip link", _whole(r"(?:skip|jump) to (?:main |the )?(?:content|navigation|search|footer)")),
    # Where the copy was taken from, or goes on.
    (
        "full article link",
        _whole(
            r"(?:read|see|view) the (?:full|original|complete|entire|rest of the)"
            r" ?(?:article|story|post|version)?(?: (?:here|at|on|in)\b.{0,40})?",
            r"(?:continue|keep) reading(?: (?:below|here|the (?:main|full) (?:story|article)))?",
            r"(?:.{1,30}\? )?(?:app users )?(?:click|tap) here (?:to|for) (?:read|see|view"
            r"|subscribe|sign|download|get|more|the full)\b.{0,60}",
            r"app users click here",
        ),
    ),
    (
        "page widget",
        _whole(
            r"in this article(?: [a-z]{1,5}(?:-[a-z]{1,3})?){1,6}"
            r"(?: follow your favorite stocks create free account)?",
            r"watch now|was this helpful\??(?: thank you for your feedback)?",
            r"video player is loading",
            r"(?:this video|the media|your browser).{0,60}\b(?:cannot be played|not support(?:ed)?)"
            r"\b.{0,80}",
            r".{0,120}\{\{ ?[#/^].{0,400}",
        ),
    ),
    ("translation notice", _whole(r"powered by (?:automated|google) translat(?:ion|e)")),
    # Consent to cookies is about the site.
    (
        "cookie notice",
        _whole(
            r"(?:we|this (?:web)?site|our (?:web)?site|this page|we and our partners) uses? cookies"
            r"\b.{0,300}",
            r"by (?:continuing|using|clicking|browsing)\b.{0,80}\byou (?:agree|consent|accept)\b"
            r".{0,80}\bcookies?\b.{0,120}",
            r"(?:accept|reject|manage|allow|decline)(?: all)?(?: my)? ?cookies?"
            r"(?: (?:settings|preferences|policy))?(?: and (?:close|continue))?",
            r"cookie (?:policy|settings|preferences|notice|consent)",
        ),
    ),
    (
        "advertisement",
        _whole(
            r"(?:- )?(?:advertisement|advertising|advert|sponsored|promoted)"
            r"(?: (?:content|links?|message|post))?(?: -)?",
            r"(?:advertisement )?(?:article|story|text|report) continues (?:below|after)"
            r"(?: (?:this |the )?(?:advertisement|ad|advert))?",
            r"scroll (?:down )?to continue(?: reading)?|remove ads",
        ),
    ),
    # Invitations to the outlet's own accounts.
    (
        "follow us",
        _whole(
            rf"(?:follow|like|find|join) (?:us|me)(?: (?:on|at|via) {_NETWORK}\b.{{0,80}})?",
            rf"follow [\w@.' ]{{1,40}} on (?:{_NETWORK}|@)\b.{{0,60}}",
            r"join our (?:telegram|whatsapp|facebook|discord) (?:channel|group|community)\b.{0,60}",
            r"download our [\w ]{0,30}\bapp\b.{0,60}",
        ),
    ),
    # Rights in the page, not news.
    (
        "copyright",
        _whole(
            r"(?:copyright )?(?:\u00a9|\(c\)) ?(?:copyright )?(?:\d{4}|[\w.&' ]{1,40},? \d{4})\b"
            r".{0,160}",
            r"copyright(?: \d{4})? (?:\u00a9|\(c\)).{0,160}",
            r"\u00a9 (?:copyright .{1,80}|[\w.&'-]+(?: [\w.&'-]+){0,3})",
            r"(?:[\w.&',\u00a9 -]{0,80})?all rights (?:are )?reserved\b.{0,120}",
        ),
    ),
)

EDGE_RULES: tuple[tuple[str, re.Pattern[str]], ...] = (
    (
        "menu",
        _whole(
            r"home|menu|search|main menu|navigation|close|open menu|toggle navigation|share|tweet",
            r"comments?|print|save|bookmark|listen|subscribe(?: now)?|subscriptions?|newsletters?",
            r"sign (?:up|in|out)(?: now| free)?|log ?in|log ?out|register(?: now)?|my account",
            r"back to (?:top|home(?: ?page)?)|(?:next|previous|prev) (?:article|post|story|page)",
            r"load more|show more|read more|more|see (?:more|all)|view all",
            r"terms(?: of (?:use|service))?",
            r"terms (?:and|&) conditions|privacy(?: policy| notice)?|contact(?: us)?|about(?: us)?",
            r"advertise(?: with us)?|accessibility(?: help)?|site ?map|careers|cookies|help",
            r"name|e-?mail|website|submit|post comment|uncategori[sz]ed|tags|topics|contents",
            r"(?:facebook|twitter|instagram|linkedin|whatsapp|telegram|pinterest|reddit|e-?mail)",
        ),
    ),
)

LINK_LIST = _whole(
    r"(?:related|similar|recommended|popular|recent|latest|trending|more|most(?: |-)(?:read|popular"
    r"|viewed)|top|other|further)(?: (?:posts?|articles?|stories|news|topics?|content|links?"
    r"|reading|coverage|videos?|pages?))+",
    r"(?:you (?:may|might)(?: also)? (?:like|be interested in|have missed)|more (?:on|from) (?:this"
    r"|the same) (?:story|topic|author)|more from (?:the web|our network|us)|most read"
    r"|recommended(?: for you)?|read (?:also|next)|up next|around the web|don't miss"
    r"|trending(?: now)?)",
)

# Names, told by their capitals: "BBC/Ann Lee" is a credit, "windows/linux" is not.
_NAME = r"[A-Z\u00c0-\u00de][\w.'&-]*"
_NAMES = rf"{_NAME}(?: {_NAME}){{0,3}}"
_ANY_AGENCY = rf"(?i:{AGENCY})"
CASE_RULES: tuple[tuple[str, re.Pattern[str]], ...] = (
    # "Image caption, ..." and captions that only end in an agency's name are not credits.
    (
        "image credit",
        _whole(
            rf"(?i:photo|image|picture|photograph|illustration|graphic)s? ?(?i:by|:|courtesy of) ?"
            rf"{_NAMES}(?:(?: ?[/|,] ?| via | for ){_NAMES})*",
            rf"\((?i:top |lead |cover |main |file )?(?i:photo|image|picture|illustration)"
            rf"(?i: credit)?(?i: by|:) {_NAMES}(?:(?: ?[/|,\u2013-] ?| via | for ){_NAMES})*\)",
            rf"{_ANY_AGENCY} ?/ ?{_NAMES}",
            rf"{_NAMES} ?/ ?{_ANY_AGENCY}(?: ?/ ?{_ANY_AGENCY})?(?: via {_ANY_AGENCY})?",
            rf"{_NAMES}(?: ?/ ?{_NAMES})? via {_ANY_AGENCY}(?: file)?",
        ),
    ),
)

# What forms that ask for an e-mail address are made of. The extraction runs them together into
# one line; three parts, one of them a sure one, make such a form.
SURE_FORM_PARTS = (
    re.compile(r"please enter (?:a valid|your) e-?mail|something went wrong"),
    re.compile(r"(?:thanks|thank you) for (?:signing up|subscribing)"),
    re.compile(r"\bnewsletters? (?:promotion|may contain)"),
    re.compile(r"e-?mail ?(?:address)? ?(?:\(required\)|\*)|protected by recaptcha"),
    re.compile(
        r"\bi (?:agree to|would like to) (?:receive|be e-?mailed)|by (?:submitting|entering) your"
    ),
)
FORM_PARTS = (
    *SURE_FORM_PARTS,
    re.compile(r"by (?:signing up|subscribing|registering|clicking|providing)"),
    re.compile(r"\b(?:sign up|sign me up|subscribe)\b"),
    re.compile(r"\bnewsletters?\b"),
    re.compile(r"you (?:agree|consent) to"),
    re.compile(r"privacy (?:policy|notice)|terms of (?:use|service)"),
)
MIN_FORM_PARTS = 3
MAX_FORM_CHARS = 900
