# One image for web, worker, scheduler and migration; docker-compose.yml says which command each runs.
FROM python:3.11-slim-bookworm

ENV PYTHONDONTWRITEBYTECODE=1 PYTHONUNBUFFERED=1 DATA_DIR=/data/files
WORKDIR /app

# PDFs: pango sets them, a Chinese font with the rare characters of people's names is set into them.
RUN apt-get update \
    && apt-get install -y --no-install-recommends libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0 fonts-noto-cjk \
    && rm -rf /var/lib/apt/lists/*

COPY requirements.txt .
RUN pip install --no-cache-dir --require-hashes -r requirements.txt

COPY . .
# The static files belong to the code, so they are collected into the image; these settings serve this one step only.
RUN SECRET_KEY=build ALLOWED_HOSTS=build PUBLIC_URL=http://build DATABASE_URL=postgresql:///build REDIS_URL=redis://build \
    python manage.py collectstatic --noinput \
    && useradd --system --uid 10001 --no-create-home portal \
    && mkdir -p /data/files && chown portal /data/files

USER portal
EXPOSE 8000
HEALTHCHECK --interval=15s --timeout=5s --start-period=20s CMD ["python", "portal/probe.py", "8000"]
CMD ["granian", "--interface", "wsgi", "--host", "0.0.0.0", "--port", "8000", "--workers", "2", "--blocking-threads", "4", "portal.wsgi:application"]
