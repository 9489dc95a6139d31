"""Whether the web process answers; slim images have no curl."""

import os
import sys
import urllib.request

try:
    with urllib.request.urlopen(
        f"http://127.0.0.1:{os.environ.get('PORT', '8000')}/healthz", timeout=4
    ) as answer:
        sys.exit(answer.status != 200)
except OSError as error:
    sys.exit(str(error))
