"""What can be known of a request: its path below the root, where it comes from, what it accepts."""

from ipaddress import ip_address
from typing import Any
from urllib.parse import urlsplit

from starlette.datastructures import Headers
from starlette.types import Scope

from rag.config import is_loopback

# A proxy adds one of these; uvicorn has then put the client's address in place of the proxy's.
FORWARDED = ("x-forwarded-for", "forwarded", "x-real-ip")


def route_path(scope: Scope) -> str:
    """The path below the root path, whether a proxy has taken the root path off or not.

    Example: path "/news/config" below the root path "/news" -> "/config"
    """
    path, root = str(scope["path"]), root_of(str(scope.get("root_path") or ""))
    if root and (path == root or path.startswith(f"{root}/")):
        return path[len(root) :] or "/"
    return path


def root_of(root_path: str) -> str:
    """The path of a root path, which may be a full address; "" at the root.

    Example: "https://example.org/news" -> "/news"
    """
    return urlsplit(root_path).path.rstrip("/")


def client_host(scope: Scope) -> str:
    """The address of the client; "" when it is not known."""
    client = scope.get("client")
    return str(client[0]) if client else ""


def client_network(host: str) -> str:
    """What counts as one client: an IPv4 address, or the /64 that an IPv6 user has for himself.

    Example: "2001:db8::1:2:3:4" -> "2001:db8::"
    """
    try:
        address = ip_address(host.partition("%")[0])
    except ValueError:
        return host
    if address.version == 4:
        return host
    mapped = getattr(address, "ipv4_mapped", None)
    if mapped is not None:
        return str(mapped)
    return str(ip_address(int(address) >> 64 << 64))


def client_of(request: Any) -> str:
    """Who makes a request, of Gradio's or Starlette's; "" when it is not known."""
    client = getattr(request, "client", None)
    return client_network(client.host) if client else ""


def is_local(scope: Scope) -> bool:
    """Whether the request comes from this machine, and through no proxy."""
    headers = Headers(scope=scope)
    forwarded = any(name in headers for name in FORWARDED)
    return not forwarded and is_loopback(client_host(scope))
