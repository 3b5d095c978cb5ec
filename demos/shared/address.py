"""Where the page is served, and what stands in the way: ports, hosts, and proxies between this machine and itself."""

from __future__ import annotations

import errno
import ipaddress
import logging
import os
import socket

import httpx

PORTS = range(1, 65536)
HERE = ("localhost", "127.0.0.1", "::1")
# Gradio reads them as it is imported, and ends in a traceback where they are no numbers.
GRADIO = ("GRADIO_SERVER_NAME", "GRADIO_SERVER_PORT", "GRADIO_NUM_PORTS")

log = logging.getLogger(__name__)


class AddressError(ValueError):
    """Nothing can be served there. `str(error)` is one sentence that names the remedy."""


def choose(host: str | None, port: str | None) -> tuple[str, int]:
    """What was asked for on the command line, else in Gradio's variables, else 127.0.0.1 and 7860.

    The variables are taken out of the environment. Raises AddressError for what is no port.
    """
    named = {name: os.environ.pop(name, "") for name in GRADIO}
    host = host or named["GRADIO_SERVER_NAME"] or HERE[1]
    text = port if port is not None else named["GRADIO_SERVER_PORT"] or "7860"
    source = "--port" if port is not None else "GRADIO_SERVER_PORT"
    try:
        number = int(text)
    except ValueError:
        number = 0
    if number not in PORTS:
        raise AddressError(f"{source} must be a whole number from {PORTS[0]} to {PORTS[-1]}, not {text[:80]!r}.")
    return host.strip("[]"), number


def for_gradio(host: str) -> str:
    """A host as Gradio takes it: an IPv6 address in brackets."""
    try:
        return f"[{host}]" if ipaddress.ip_address(host).version == 6 else host
    except ValueError:
        return host


def check(host: str, port: int) -> None:
    """Raise AddressError where nothing can be served. Gradio calls all of it a taken port."""
    try:
        for place in {host, HERE[1]}:  # Gradio tries the latter as well
            family, kind, _, _, address = socket.getaddrinfo(place, port, type=socket.SOCK_STREAM)[0]
            with socket.socket(family, kind) as listener:
                listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
                listener.bind(address)
                listener.listen(1)
                _reach(family, address)
    except (OSError, ValueError) as error:  # ValueError: no name of a host can look so
        number = getattr(error, "errno", 0)
        if number == errno.EADDRINUSE:
            raise AddressError(f"Port {port} is taken: stop what uses it, or choose another with --port.") from None
        if number == errno.EACCES:
            text = f"Port {port} may not be used by you: choose another with --port, from 1024 on."
            raise AddressError(text) from None
        raise AddressError(no_address(host)) from None


def _reach(family: int, address: tuple) -> None:
    """Connect to an address, which one may be able to listen at, but not to reach; OSError."""
    if not ipaddress.ip_address(address[0].partition("%")[0]).is_unspecified:
        with socket.socket(family) as client:
            client.settimeout(3)
            client.connect(address)


def no_address(host: str) -> str:
    """The sentence for a host at which this machine cannot be reached."""
    return f"{host} is no address of this machine: choose another with --host, for example 127.0.0.1 or 0.0.0.0."


def pass_proxies(host: str) -> None:
    """Let no proxy of the environment stand between this machine and itself, nor end the start.

    Gradio asks its own address as it launches. What cannot be used is left out, with a line in the log.
    """
    for name in [name for name in os.environ if name.lower() in ("http_proxy", "https_proxy", "all_proxy")]:
        if reason := _why_unusable(os.environ[name]):
            log.warning("The proxy in %s is left out, since it cannot be used: %s.", name, reason)
            del os.environ[name]
    spared = (os.environ.get("no_proxy") or os.environ.get("NO_PROXY") or "").split(",")
    hosts = list(dict.fromkeys(one for text in (*spared, *HERE, host) if (one := text.strip().strip("[]"))))
    if not _is_understood(hosts):
        hosts = [one for one in hosts if _is_understood([one])]
        _is_understood(hosts)
        log.warning("Of no_proxy only this is used: %s", ", ".join(hosts))


def _is_understood(hosts: list[str]) -> bool:
    """Whether httpx takes these hosts, which stand in no_proxy from then on."""
    os.environ["no_proxy"] = os.environ["NO_PROXY"] = ",".join(hosts)
    try:
        httpx.Client(verify=False).close()
    except Exception:  # whatever a text makes it raise
        return False
    return True


def _why_unusable(proxy: str) -> str:
    """Why httpx cannot use a proxy: a clause without its address, which may hold a password; "" if it can."""
    try:
        if proxy:
            httpx.Client(proxy=proxy if "://" in proxy else f"http://{proxy}", trust_env=False, verify=False).close()
    except ImportError:
        return "SOCKS needs pip install httpx[socks]"
    except Exception:  # whatever a text makes it raise
        return "it is no address like http://host:port"
    return ""
