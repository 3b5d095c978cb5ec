# The page in a container, from the bundled weights:
#     docker build --tag loupe . && docker run --publish 7860:7860 loupe
FROM python:3.12-slim

RUN useradd --create-home --uid 1000 loupe
WORKDIR /home/loupe/page

# What serves, without what recipes and figures need.
COPY requirements.txt ./
RUN sed '/^# The recipes/,$d' requirements.txt > served.txt && pip install --no-cache-dir --requirement served.txt

COPY app.py ./
COPY demos ./demos
COPY weights ./weights
COPY docs/thumbnail.jpg ./docs/

USER loupe
ENV PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1
EXPOSE 7860
HEALTHCHECK --interval=30s --timeout=5s --start-period=60s \
    CMD ["python", "-c", "import urllib.request as r; r.urlopen('http://127.0.0.1:7860/gradio_api/startup-events', timeout=4)"]
CMD ["python", "app.py", "--host", "0.0.0.0", "--port", "7860"]
