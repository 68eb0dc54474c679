# Parley in a container: small, without root, its data in /var/lib/parley. docs/deploying.md.

FROM python:3.11-slim-bookworm AS build
WORKDIR /srv/parley/site
COPY requirements.txt ./
RUN python -m venv .venv && .venv/bin/pip install --no-cache-dir --quiet --requirement requirements.txt
COPY app.py wsgi.py gunicorn.conf.py LICENSE ./
COPY chat ./chat
COPY migrations ./migrations
COPY static ./static
COPY templates ./templates
RUN .venv/bin/python -m compileall -q app.py wsgi.py chat

FROM python:3.11-slim-bookworm
RUN useradd --uid 10001 --no-create-home --home-dir /nonexistent --shell /usr/sbin/nologin parley && install -d -m 700 -o parley -g parley /var/lib/parley
COPY --from=build /srv/parley/site /srv/parley/site
WORKDIR /srv/parley/site
ENV HOST=0.0.0.0 PORT=8000 PARLEY_DATA_DIR=/var/lib/parley PYTHONUNBUFFERED=1
USER parley
VOLUME /var/lib/parley
EXPOSE 8000
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=5s --timeout=3s --start-period=60s CMD ["sh", "-c", ".venv/bin/python -c \"import urllib.request as r; r.urlopen('http://127.0.0.1:$PORT/readyz', timeout=2)\""]
CMD [".venv/bin/python", "app.py"]
