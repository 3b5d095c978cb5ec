"""The page, and nothing else: pull the weights, mount the demos, launch."""

import argparse
import errno
import gc
import logging
import os
import signal
import socket
import sys

from demos.shared import scratch

try:  # ZeroGPU Spaces start an app only when it decorates a function; elsewhere there is no such package
    import spaces
except ImportError:
    pass
else:
    spaces.GPU(lambda: None)

NO_FOLDER = "No temporary file can be written: make room on the disk, or set GRADIO_TEMP_DIR to a writable folder."
END_SECONDS = 3  # in which the page ends after Ctrl-C and SIGTERM, whatever it is doing


def main() -> None:
    parser = argparse.ArgumentParser(description="Loupe: look closely at what an image network sees.")
    parser.add_argument("--host", default=os.environ.get("GRADIO_SERVER_NAME", "127.0.0.1"))
    parser.add_argument("--port", type=int, default=int(os.environ.get("GRADIO_SERVER_PORT", 7860)))
    parser.add_argument("--share", action="store_true", help="also open a public link through Gradio's relay")
    options = parser.parse_args()
    logging.basicConfig(level=logging.INFO, format="%(message)s")
    logging.getLogger("httpx").setLevel(logging.WARNING)
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, end)
    try:
        try:
            scratch.claim()  # before Gradio is imported
        except OSError:
            sys.exit(NO_FOLDER)
        serve(options)
    except KeyboardInterrupt:  # pressed before Gradio waits for it
        sys.exit(130)
    finally:
        scratch.discard()


def serve(options: argparse.Namespace) -> None:
    """Build the page and serve it until it is ended."""
    if reason := why_not(options.host, options.port):
        sys.exit(reason)
    gc.disable()  # nothing is garbage before the page stands, and to look for it would take a tenth of the time
    try:
        import weights
        from demos import page

        weights.start()
        built = page.build()
        gc.enable()
        built.launch(server_name=options.host, server_port=options.port, share=options.share, **page.LAUNCH)
    except OSError:  # the address may have been taken meanwhile
        if reason := why_not(options.host, options.port):
            sys.exit(reason)
        raise


def end(number: int, _) -> None:
    """End the page soon, as Ctrl-C does."""
    signal.signal(number, signal.SIG_IGN)  # once is enough
    scratch.end_within(END_SECONDS, 128 + number)
    raise KeyboardInterrupt


def why_not(host: str, port: int) -> str:
    """Why nothing can be served at an address, as one sentence; "" if it can. Gradio calls all of it a taken port."""
    is_taken = f"Port {port} is taken: stop what uses it, or choose another with --port."
    try:
        for place in {host.strip("[]"), "127.0.0.1"}:  # Gradio tries the latter as well
            family, kind, _, _, address = socket.getaddrinfo(place, port, type=socket.SOCK_STREAM)[0]
            with socket.socket(family, kind) as listener:
                listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
                listener.bind(address)
    except OSError as error:
        if error.errno == errno.EADDRINUSE:
            return is_taken
        if error.errno == errno.EACCES:
            return f"Port {port} may not be used by you: choose another with --port, from 1024 on."
        return f"{host} is no address of this machine: choose another with --host, for example 127.0.0.1 or 0.0.0.0."
    return ""


if __name__ == "__main__":
    main()
