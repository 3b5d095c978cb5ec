"""The page, and nothing else: pull the weights, mount the demos, launch."""

import argparse
import gc
import logging
import os
import signal
import sys
from importlib.util import find_spec

import httpx

from demos.shared import address, scratch

NO_MCP = 'Tools for agents need the extra of Gradio: pip install "gradio[mcp]", then start the page again.'
END_SECONDS = 3  # in which the page ends after Ctrl-C and SIGTERM, whatever it is doing


def main() -> None:
    parser = argparse.ArgumentParser(description="Loupe: look closely at what an image network sees.")
    parser.add_argument("--host", help="127.0.0.1, this machine alone, by default; or $GRADIO_SERVER_NAME")
    parser.add_argument("--port", help="7860 by default; or $GRADIO_SERVER_PORT")
    parser.add_argument("--share", action="store_true", help="also open a public link through Gradio's relay")
    parser.add_argument(
        "--mcp", action="store_true", default=os.environ.get("GRADIO_MCP_SERVER", "").lower() == "true",
        help="also offer the endpoints to agents, as tools (MCP); or GRADIO_MCP_SERVER=True",
    )  # fmt: skip
    options = parser.parse_args()
    if options.mcp and not find_spec("mcp"):
        sys.exit(NO_MCP)
    logging.basicConfig(level=logging.INFO, format="%(message)s")
    for name in ("httpx", "mcp"):  # what visitors send is not logged
        logging.getLogger(name).setLevel(logging.ERROR)
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, end)
    try:
        host, port = address.choose(options.host, options.port)
        scratch.claim()  # before Gradio is imported
        report_to_zerogpu()
        serve(host, port, options.share, options.mcp)
    except (address.AddressError, scratch.NoFolder) as error:
        sys.exit(str(error))
    except KeyboardInterrupt:  # pressed before Gradio waits for it
        sys.exit(130)
    finally:
        scratch.discard()


def report_to_zerogpu() -> None:
    """On a ZeroGPU Space, which ends an app that decorates no function, decorate one. None asks for a GPU."""
    if os.environ.get("SPACES_ZERO_GPU"):
        import spaces  # which imports Gradio there, and is to be imported before it

        spaces.GPU(lambda: None)


def serve(host: str, port: int, is_shared: bool, is_for_agents: bool) -> None:
    """Build the page and serve it until it is ended. Raises AddressError where it cannot be served there."""
    address.check(host, port)
    address.pass_proxies(host)
    gc.disable()  # nothing is garbage before the page stands, and to look for it would take a tenth of the time
    import demos
    import weights

    demos.prepare()  # while Gradio is imported, which leaves a core idle
    weights.prepare()
    from demos import page

    weights.start()
    built = page.build()
    if is_for_agents:
        from demos.shared.ui import agents

        agents.install()
    gc.freeze()  # the page lives as long as the process: to look through it takes longer than to launch it
    gc.enable()
    try:
        built.launch(
            server_name=address.for_gradio(host), server_port=port, share=is_shared, mcp_server=is_for_agents,
            **page.LAUNCH,
        )  # fmt: skip
    except OSError:
        address.check(host, port)  # it may have been taken meanwhile
        raise
    except (httpx.TransportError, httpx.InvalidURL):  # Gradio asks itself as it starts
        raise address.AddressError(address.no_address(host)) from None


def end(number: int, _) -> None:
    """End the page soon, as Ctrl-C does."""
    signal.signal(number, signal.SIG_IGN)  # once is enough
    scratch.end_within(END_SECONDS, 128 + number)
    raise KeyboardInterrupt


if __name__ == "__main__":
    main()
