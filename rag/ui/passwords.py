"""Who may log in: names with scrypt hashes of their passwords.

A hash is written `scrypt.N.R.P.SALT.KEY`, salt and key in URL-safe base64 without padding: nothing
in it means anything to a shell, to `.env` or to a list that is separated by commas.

Source: RFC 7914; the cost is one of those that the OWASP Password Storage Cheat Sheet recommends.
"""

import base64
import binascii
import hashlib
import hmac
import re
import secrets
from dataclasses import dataclass
from pathlib import Path

from rag.config import Config, is_loopback
from rag.errors import ConfigError

_N, _R, _P = 2**14, 8, 5
_SALT_BYTES, _KEY_BYTES = 16, 32
# What a hash of somebody else's may ask for: memory is 128 * N * R bytes.
_MAX_MEMORY = 512 << 20
_MAX_P = 64
MAX_PASSWORD_CHARS = 1_000

_HASH = re.compile(r"scrypt\.(\d{1,7})\.(\d{1,2})\.(\d{1,2})\.([\w-]+)\.([\w-]+)", re.ASCII)
_ADVICE = "make a hash with `rag serve --hash-password`, and give NAME:HASH"


@dataclass(frozen=True)
class PasswordHash:
    """What is kept of a password."""

    n: int
    r: int
    p: int
    salt: bytes
    key: bytes

    def matches(self, password: str) -> bool:
        """Whether `password` is the one, in a time that does not tell how much of it is right."""
        return hmac.compare_digest(_scrypt(password, self.salt, self.n, self.r, self.p), self.key)


class Accounts:
    """Names and password hashes."""

    def __init__(self, hashes: dict[str, PasswordHash]) -> None:
        self._hashes = hashes
        # An unknown name takes as long as a known one.
        self._nobody = PasswordHash(
            _N, _R, _P, secrets.token_bytes(_SALT_BYTES), secrets.token_bytes(_KEY_BYTES)
        )

    def __len__(self) -> int:
        return len(self._hashes)

    def verify(self, name: str, password: str) -> bool:
        """Whether there is such a name with that password; takes some tenths of a second."""
        if len(password) > MAX_PASSWORD_CHARS:
            return False
        known = self._hashes.get(name)
        return (known or self._nobody).matches(password) and known is not None


def hash_password(password: str) -> str:
    """The hash that stands for `password` in RAG_AUTH; another one each time.

    Raises:
        ConfigError: When the password is empty or too long.
    """
    if not 1 <= len(password) <= MAX_PASSWORD_CHARS:
        raise ConfigError(f"a password has 1 to {MAX_PASSWORD_CHARS:,} characters")
    salt = secrets.token_bytes(_SALT_BYTES)
    return f"scrypt.{_N}.{_R}.{_P}.{_encode(salt)}.{_encode(_scrypt(password, salt, _N, _R, _P))}"


def read_accounts(text: str) -> Accounts:
    """The accounts of RAG_AUTH: NAME:HASH pairs, or a file of them.

    Args:
        text: Pairs separated by commas or blanks, or the path of a file with one pair a line;
            lines of it that start with "#" count for nothing.

    Raises:
        ConfigError: When there is no such file, or something is no pair of name and hash.
    """
    source = "RAG_AUTH"
    if ":scrypt." not in text:
        source = text
        try:
            text = Path(text).read_text(encoding="utf-8")
        except (OSError, ValueError) as exc:
            raise ConfigError(
                f"setting RAG_AUTH is neither NAME:HASH nor a file that can be read: {_ADVICE}"
            ) from exc
    lines = [line for line in text.splitlines() if not line.lstrip().startswith("#")]
    hashes = {}
    for position, pair in enumerate(re.split(r"[,\s]+", " ".join(lines).strip()), 1):
        name, _, hashed = pair.rpartition(":")
        if not name:  # what was given is not shown: it may be a password
            raise ConfigError(f"entry {position} of {source} is not NAME:HASH: {_ADVICE}")
        hashes[name] = _read_hash(hashed, name)
    return Accounts(hashes)


def check_address(config: Config) -> Accounts | None:
    """Who may log in, or None when anybody may come in.

    Raises:
        ConfigError: When others than this machine could come in without a login, or RAG_AUTH is
            no list of accounts.
    """
    if config.auth is not None:
        return read_accounts(config.auth.get_secret_value())
    if not is_loopback(config.host) and not config.insecure:
        raise ConfigError(
            f"anybody who reaches {config.host} could read the articles: give RAG_AUTH or --auth "
            "(`rag serve --hash-password` makes a hash), or say --insecure"
        )
    return None


def _read_hash(text: str, name: str) -> PasswordHash:
    match = _HASH.fullmatch(text)
    if match is None:
        raise ConfigError(f"what RAG_AUTH has for {name} is not a hash: {_ADVICE}")
    n, r, p = (int(number) for number in match.groups()[:3])
    try:
        found = PasswordHash(n, r, p, _decode(match[4]), _decode(match[5]))
        is_power = n > 1 and n & (n - 1) == 0
        usable = is_power and r and 1 <= p <= _MAX_P and 128 * n * r <= _MAX_MEMORY
        if not usable or len(found.key) != _KEY_BYTES:
            raise ValueError("cost or length")
    except (ValueError, binascii.Error) as exc:
        raise ConfigError(f"the hash that RAG_AUTH has for {name} is damaged: {_ADVICE}") from exc
    return found


def _scrypt(password: str, salt: bytes, n: int, r: int, p: int) -> bytes:
    return hashlib.scrypt(
        password.encode("utf-8", "surrogatepass"), salt=salt, n=n, r=r, p=p, dklen=_KEY_BYTES,
        maxmem=128 * r * (n + p + 2) + (1 << 20),
    )  # fmt: skip


def _encode(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def _decode(text: str) -> bytes:
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
