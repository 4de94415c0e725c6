"""Goes through the grant of each task with Authlib; see ../words.ts for what comes in and goes out."""

import json
import os
import sys

import authlib
import requests
from authlib.integrations.base_client import OAuthError
from authlib.integrations.requests_client import OAuth2Session

# Loopback only: Authlib wants https everywhere else.
os.environ["AUTHLIB_INSECURE_TRANSPORT"] = "1"
DEVICE = "urn:ietf:params:oauth:grant-type:device_code"
VERIFIER = "verifier-" * 6


def token_of(session, task):
    grant, url, given = task["grant"], task["endpoints"]["token"], task["request"]
    if grant == "authorization_code":
        return session.fetch_token(url, authorization_response=browsed(session, task), code_verifier=VERIFIER)
    if grant == "refresh_token":
        return session.refresh_token(url, refresh_token=given["refresh_token"])
    if grant == DEVICE:
        # Authlib has no function for this request.
        asked = {"client_id": task["clientId"]}
        started = requests.post(task["endpoints"]["device_authorization"], data=asked, timeout=10).json()
        requests.get(started["verification_uri_complete"], timeout=10)
        given = {"device_code": started["device_code"]}
    return session.fetch_token(url, grant_type=grant, **given)


def browsed(session, task):
    """As a browser goes: to the authorization endpoint and back."""
    url, _ = session.create_authorization_url(task["endpoints"]["authorization"], code_verifier=VERIFIER)
    return requests.get(url, allow_redirects=False, timeout=10).headers["location"]


def answer(task):
    session = OAuth2Session(
        task["clientId"],
        task.get("clientSecret"),
        token_endpoint_auth_method="client_secret_basic" if "clientSecret" in task else "none",
        redirect_uri=task["redirectUri"],
        code_challenge_method="S256",
    )
    try:
        token = token_of(session, task)
    except OAuthError as error:
        return {"seen": error.error, "said": str(error)}
    except Exception as error:  # whatever it is, the table is to show it
        return {"seen": type(error).__name__, "said": str(error)}
    return {"seen": "granted" if token.get("access_token") else "nothing"}


print(json.dumps({"client": "Authlib", "version": authlib.__version__}), flush=True)
for line in sys.stdin:
    task = json.loads(line)
    print(json.dumps({"id": task["id"], **answer(task)}), flush=True)
