# Two stages: the first builds the wheel and installs it with its locked packages, the second only runs it.
ARG BASE=python:3.12-slim

FROM ${BASE} AS build
ENV PIP_DISABLE_PIP_VERSION_CHECK=1 PIP_NO_CACHE_DIR=1 PIP_ROOT_USER_ACTION=ignore
WORKDIR /src
COPY . .
# Everything is checked by hash: the build's own packages, the browser libraries (package-lock.json), the rest.
RUN python3 -m pip install --target /build --require-hashes -r requirements-build.lock \
 && PYTHONPATH=/build python3 -m pip wheel --no-build-isolation --no-deps --wheel-dir /wheels . \
 && python3 -m pip install --target /site --require-hashes -r requirements.lock \
 && python3 -m pip install --target /site --no-deps /wheels/*.whl

FROM ${BASE}
RUN useradd --create-home --uid 10001 deltaboard && install -d -o deltaboard -m 700 /data
COPY --from=build /site /site
USER deltaboard
WORKDIR /home/deltaboard
# In the container every address is served, and so an access code is asked for: the log's first line has it.
ENV PYTHONPATH=/site PYTHONUNBUFFERED=1 DELTABOARD_DATA_DIR=/data
# Sessions are kept here: mount a volume to keep them beyond the container.
VOLUME /data
EXPOSE 8000
HEALTHCHECK --interval=30s --timeout=3s --start-period=10s \
  CMD ["python3", "-c", "import urllib.request as u; u.urlopen('http://127.0.0.1:8000/healthz', timeout=2)"]
CMD ["python3", "-m", "app", "--host", "0.0.0.0", "--port", "8000", "--no-browser"]
