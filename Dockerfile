# Two steps: the first installs the locked packages and the project, the second keeps the result and nothing else.
FROM python:3.13.9-slim-trixie AS build

ENV PIP_DISABLE_PIP_VERSION_CHECK=1 \
    PIP_NO_CACHE_DIR=1
RUN python -m venv /venv
WORKDIR /src
COPY requirements.txt ./
RUN /venv/bin/pip install --require-hashes -r requirements.txt
COPY pyproject.toml README.md LICENSE ./
COPY bank ./bank
COPY prompts ./prompts
COPY interviewer ./interviewer
RUN /venv/bin/pip install --no-deps .


FROM python:3.13.9-slim-trixie

# The openai SDK trusts the certificates of the operating system, so they have to be there.
# hadolint ignore=DL3008
RUN apt-get update \
    && apt-get install -y --no-install-recommends ca-certificates \
    && rm -rf /var/lib/apt/lists/* \
    && useradd --system --uid 10001 --user-group --no-create-home --shell /usr/sbin/nologin interviewer \
    && install -d -o interviewer -g interviewer /data

COPY --from=build /venv /venv
ENV PATH="/venv/bin:$PATH" \
    PYTHONDONTWRITEBYTECODE=1 \
    PYTHONUNBUFFERED=1 \
    INTERVIEWER_HOST=0.0.0.0 \
    INTERVIEWER_PORT=8000 \
    INTERVIEWER_DATABASE=/data/interviewer.sqlite3 \
    INTERVIEWER_TRUSTED_HOSTS=localhost,127.0.0.1

USER 10001:10001
WORKDIR /data
VOLUME ["/data"]
EXPOSE 8000

# The server answers only to the names it trusts, so the check asks by the first of them.
HEALTHCHECK --interval=30s --timeout=5s --start-period=20s --start-interval=1s --retries=3 \
    CMD ["python", "-c", "import os; from urllib.request import Request, urlopen; urlopen(Request('http://127.0.0.1:' + os.environ['INTERVIEWER_PORT'] + '/healthz', headers={'Host': os.environ['INTERVIEWER_TRUSTED_HOSTS'].split(',')[0].strip()}), timeout=4)"]

# Exec form: SIGTERM reaches the server itself, which ends open streams and stops within INTERVIEWER_SHUTDOWN_S.
CMD ["interviewer", "serve"]
