"""The page, and nothing else: pull the weights, mount the demos, launch."""

import argparse
import gc
import logging
import os
import sys

try:  # ZeroGPU Spaces start an app only when it decorates a function; elsewhere there is no such package
    import spaces
except ImportError:
    pass
else:
    spaces.GPU(lambda: None)


def main() -> None:
    parser = argparse.ArgumentParser(description="Loupe: look closely at what an image network sees.")
    parser.add_argument("--host", default=os.environ.get("GRADIO_SERVER_NAME", "127.0.0.1"))
    parser.add_argument("--port", type=int, default=int(os.environ.get("GRADIO_SERVER_PORT", 7860)))
    parser.add_argument("--share", action="store_true", help="also open a public link through Gradio's relay")
    options = parser.parse_args()
    logging.basicConfig(level=logging.INFO, format="%(message)s")
    logging.getLogger("httpx").setLevel(logging.WARNING)
    gc.disable()  # nothing is garbage before the page stands, and to look for it would take a tenth of the time
    try:
        import weights
        from demos import page

        weights.start()
        built = page.build()
        gc.enable()
        built.launch(server_name=options.host, server_port=options.port, share=options.share, **page.LAUNCH)
    except OSError as error:
        if "port" not in str(error):
            raise
        sys.exit(f"Port {options.port} is taken: stop what uses it, or choose another with --port.")
    except KeyboardInterrupt:  # pressed before Gradio waits for it
        sys.exit(130)


if __name__ == "__main__":
    main()
