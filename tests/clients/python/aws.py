"""Sends each task through boto3; see ../words.ts for what comes in and goes out."""

import json
import sys

import boto3
from botocore.exceptions import BotoCoreError, ClientError

METHODS = {
    "CreateToken": ("create_token", "accessToken"),
    "CreateTokenWithIAM": ("create_token_with_iam", "accessToken"),
    "RegisterClient": ("register_client", "clientId"),
    "StartDeviceAuthorization": ("start_device_authorization", "deviceCode"),
}
session = boto3.Session(region_name="us-east-1")


def answer(task):
    credentials = task.get("credentials", {})
    client = session.client(
        "sso-oidc",
        endpoint_url=task["endpoint"],
        aws_access_key_id=credentials.get("accessKeyId"),
        aws_secret_access_key=credentials.get("secretAccessKey"),
        aws_session_token=credentials.get("sessionToken"),
    )
    method, proof = METHODS[task["operation"]]
    try:
        output = getattr(client, method)(**task["request"])
    except ClientError as error:
        return {"seen": type(error).__name__, "said": str(error)}
    except BotoCoreError as error:
        return {"seen": "no answer", "said": str(error)}
    return {"seen": "granted" if output.get(proof) else "nothing"}


print(json.dumps({"client": "boto3", "version": boto3.__version__}), flush=True)
for line in sys.stdin:
    task = json.loads(line)
    print(json.dumps({"id": task["id"], **answer(task)}), flush=True)
