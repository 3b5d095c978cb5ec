"""A picture from the internet: its URL -> a file, within limits, and from no network that is not public."""

from __future__ import annotations

import asyncio
import ipaddress
from pathlib import Path

import httpx
from safehttpx import AsyncSecureTransport

from demos.shared import images

SECONDS = 15  # for all of it
MAX_REDIRECTS = 5
MAX_URL = 2000  # characters
AT_ONCE = 8
# One sentence for whatever goes wrong, which tells nobody what there is in the network of the server.
NOT_FETCHED = "This URL could not be fetched: give the URL of a picture file that anybody can open."

_PUBLIC_IPV6 = ipaddress.IPv6Network("2000::/3")
_turns: asyncio.Semaphore | None = None


async def fetch(url: str, path: Path) -> None:
    """Write the file that an http or https URL leads to. Raises images.PictureError.

    Each host on the way is resolved once, and asked at the address that was found to be public (no server-side request
    forgery). Redirects are followed. What comes is not unpacked, and ends at the bound of a picture.
    """
    global _turns
    _turns = _turns or asyncio.Semaphore(AT_ONCE)
    try:
        async with asyncio.timeout(SECONDS), _turns:
            for _ in range(1 + MAX_REDIRECTS):
                url = await _follow(httpx.URL(url), path)
                if not url:
                    return
    except images.PictureError:
        raise
    except (httpx.HTTPError, httpx.InvalidURL, OSError, ValueError, TimeoutError):
        pass
    raise images.PictureError(NOT_FETCHED)


async def _follow(url: httpx.URL, path: Path) -> str:
    """Fetch one URL. Returns where it redirects to, "" where the file was there. Raises ValueError and the client's."""
    if url.scheme not in ("http", "https") or len(str(url)) > MAX_URL:
        raise ValueError
    transport = AsyncSecureTransport(await resolve(url.host))
    headers = {"User-Agent": "Loupe", "Accept": "image/*", "Accept-Encoding": "identity"}
    async with httpx.AsyncClient(transport=transport, timeout=5) as client:
        async with client.stream("GET", url, headers=headers) as response:
            if response.has_redirect_location:
                return str(url.join(response.headers["Location"]))
            if response.status_code != 200 or response.headers.get("Content-Encoding", "identity") != "identity":
                raise ValueError
            await _write(response, path)
    return ""


async def _write(response: httpx.Response, path: Path) -> None:
    count = 0
    with path.open("wb") as file:
        async for part in response.aiter_raw():
            count += len(part)
            if count > images.MAX_BYTES:
                raise images.PictureError(images.TOO_LARGE)
            file.write(part)


async def resolve(host: str) -> str:
    """A public address of a host. Raises ValueError where it has none, and OSError where it is not known."""
    found = await asyncio.get_running_loop().getaddrinfo(host.strip("[]"), None)
    return next(filter(is_public, (address[0] for *_, address in found)), None) or _refuse()


def is_public(address: str) -> bool:
    """Whether an IP address is one of the public internet; those that stand for others are not."""
    ip = ipaddress.ip_address(address.partition("%")[0])
    if isinstance(ip, ipaddress.IPv6Address) and (ip not in _PUBLIC_IPV6 or ip.sixtofour or ip.teredo):
        return False
    return ip.is_global and not ip.is_multicast


def _refuse() -> str:
    raise ValueError
