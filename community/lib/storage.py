"""S3-compatible storage from one address: `s3://KEY:SECRET@host[:port]/bucket?region=…`."""

from urllib.parse import parse_qs, unquote, urlsplit


def s3_options(url: str) -> dict[str, object]:
    """Return django-storages' options for `url`. `?tls=0` speaks plain HTTP (a store on the same network).

    Raises ValueError when the address names no bucket.
    """
    parts = urlsplit(url)
    query = parse_qs(parts.query)
    bucket = parts.path.strip("/")
    if not bucket or not parts.hostname:
        raise ValueError("STORAGE_URL looks like s3://KEY:SECRET@host/bucket.")
    scheme = "http" if query.get("tls") == ["0"] else "https"
    port = f":{parts.port}" if parts.port else ""
    return {
        "bucket_name": bucket,
        "access_key": unquote(parts.username or ""),
        "secret_key": unquote(parts.password or ""),
        "endpoint_url": f"{scheme}://{parts.hostname}{port}",
        "region_name": query.get("region", ["us-east-1"])[0],
        "default_acl": None,
        "querystring_auth": False,
        "file_overwrite": False,
    }
