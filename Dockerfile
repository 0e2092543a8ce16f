# wcag-audit with a browser, for pipelines: docker build -t wcag-audit . && docker run --rm -v "$PWD:/work" wcag-audit ci dist/
FROM python:3.12-slim-bookworm

SHELL ["/bin/bash", "-o", "pipefail", "-c"]

# Debian's security updates of the browser come with each build: no version is pinned.
# hadolint ignore=DL3008
RUN apt-get update \
    && apt-get install --yes --no-install-recommends chromium chromium-driver fonts-dejavu-core fonts-noto-core git nodejs npm \
    && rm -rf /var/lib/apt/lists/*

WORKDIR /opt/wcag-audit
COPY . .
RUN pip install --no-cache-dir --require-hashes --requirement requirements.lock \
    && pip install --no-cache-dir --no-deps .

RUN useradd --create-home --uid 10001 auditor && mkdir /work && chown auditor /work
USER 10001
WORKDIR /work

ENTRYPOINT ["wcag-audit"]
CMD ["--help"]
