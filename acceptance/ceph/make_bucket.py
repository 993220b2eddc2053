"""Make the bucket azds-test where AZDS_S3_ENDPOINT points to, as soon as it answers."""

import os
import time
import urllib.request
from datetime import timedelta

from obstore import sign
from obstore.store import S3Store

endpoint = os.environ["AZDS_S3_ENDPOINT"]
store = S3Store("azds-test", endpoint=endpoint, client_options={"allow_http": True})
for left in range(60, 0, -1):
    try:
        url = sign(store, "PUT", "", timedelta(minutes=1))
        request = urllib.request.Request(url, method="PUT")  # noqa: S310 - on loopback
        urllib.request.urlopen(request, timeout=10).close()  # noqa: S310 - on loopback
        break
    except OSError:
        if left == 1:
            raise
        time.sleep(1)
