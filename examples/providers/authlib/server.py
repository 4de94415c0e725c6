"""Authlib on Flask and SQLAlchemy, as its documents have it: python server.py [PORT]

Code with PKCE, refresh tokens that rotate, client credentials, ID tokens, open registration, revocation,
introspection, and metadata (RFC 8414). The one user is alice; its password is in LOGIN_PASSWORD.
"""

import hmac
import os
import sys
import tempfile
import time

from authlib.integrations.flask_oauth2 import AuthorizationServer, ResourceProtector, current_token
from authlib.integrations.sqla_oauth2 import (
    OAuth2AuthorizationCodeMixin,
    OAuth2ClientMixin,
    OAuth2TokenMixin,
    create_bearer_token_validator,
    create_query_client_func,
    create_revocation_endpoint,
    create_save_token_func,
)
from authlib.oauth2 import OAuth2Error
from authlib.oauth2.rfc6749 import grants
from authlib.oauth2.rfc7591 import ClientRegistrationEndpoint
from authlib.oauth2.rfc7636 import CodeChallenge
from authlib.oauth2.rfc7662 import IntrospectionEndpoint
from authlib.oidc.core import UserInfo
from authlib.oidc.core.grants import OpenIDCode
from flask import Flask, jsonify, redirect, render_template_string, request, session, url_for
from flask_sqlalchemy import SQLAlchemy
from joserfc.jwk import RSAKey
from markupsafe import Markup

PORT = int(sys.argv[1]) if len(sys.argv) > 1 else 5000
ISSUER = f"http://127.0.0.1:{PORT}"
PASSWORD = os.environ["LOGIN_PASSWORD"]
SCOPES = ["openid", "profile"]
KEY = RSAKey.generate_key(2048, {"use": "sig", "alg": "RS256"}, auto_kid=True)
METHODS = ["client_secret_basic", "client_secret_post", "none"]

METADATA = {
    "issuer": ISSUER,
    "authorization_endpoint": f"{ISSUER}/oauth/authorize",
    "token_endpoint": f"{ISSUER}/oauth/token",
    "registration_endpoint": f"{ISSUER}/oauth/register",
    "revocation_endpoint": f"{ISSUER}/oauth/revoke",
    "introspection_endpoint": f"{ISSUER}/oauth/introspect",
    "userinfo_endpoint": f"{ISSUER}/oauth/userinfo",
    "jwks_uri": f"{ISSUER}/oauth/jwks",
    "scopes_supported": SCOPES,
    "response_types_supported": ["code"],
    "response_modes_supported": ["query"],
    "grant_types_supported": ["authorization_code", "refresh_token", "client_credentials"],
    "token_endpoint_auth_methods_supported": METHODS,
    "code_challenge_methods_supported": CodeChallenge.SUPPORTED_CODE_CHALLENGE_METHOD,
    "subject_types_supported": ["public"],
    "id_token_signing_alg_values_supported": ["RS256"],
}

app = Flask(__name__)
app.secret_key = os.urandom(32)
app.config["SQLALCHEMY_DATABASE_URI"] = f"sqlite:///{tempfile.mkdtemp()}/authlib.sqlite"
app.config["SQLALCHEMY_ENGINE_OPTIONS"] = {"connect_args": {"timeout": 60}}  # who writes waits for its turn
app.config["OAUTH2_REFRESH_TOKEN_GENERATOR"] = True
app.config["OAUTH2_SCOPES_SUPPORTED"] = SCOPES
db = SQLAlchemy(app)


class User(db.Model):
    id = db.Column(db.Integer, primary_key=True)
    username = db.Column(db.String(40), unique=True)

    def get_user_id(self):
        return self.id


class Client(db.Model, OAuth2ClientMixin):
    id = db.Column(db.Integer, primary_key=True)


class AuthorizationCode(db.Model, OAuth2AuthorizationCodeMixin):
    __table_args__ = {"sqlite_autoincrement": True}  # else a new code gets the id of a deleted one
    id = db.Column(db.Integer, primary_key=True)
    user_id = db.Column(db.Integer, db.ForeignKey("user.id"))


class Token(db.Model, OAuth2TokenMixin):
    id = db.Column(db.Integer, primary_key=True)
    user_id = db.Column(db.Integer, db.ForeignKey("user.id"))

    def is_refresh_token_active(self):
        return not self.refresh_token_revoked_at


class AuthorizationCodeGrant(grants.AuthorizationCodeGrant):
    TOKEN_ENDPOINT_AUTH_METHODS = METHODS

    def save_authorization_code(self, code, request):
        data = request.payload.data
        item = AuthorizationCode(
            code=code,
            client_id=request.client.client_id,
            redirect_uri=request.payload.redirect_uri,
            scope=request.scope,
            user_id=request.user.id,
            nonce=data.get("nonce"),
            code_challenge=data.get("code_challenge"),
            code_challenge_method=data.get("code_challenge_method"),
        )
        db.session.add(item)
        db.session.commit()
        return item

    def query_authorization_code(self, code, client):
        item = AuthorizationCode.query.filter_by(code=code, client_id=client.client_id).first()
        return item if item and not item.is_expired() else None

    def delete_authorization_code(self, authorization_code):
        db.session.delete(authorization_code)
        db.session.commit()

    def authenticate_user(self, authorization_code):
        return db.session.get(User, authorization_code.user_id)


class RefreshTokenGrant(grants.RefreshTokenGrant):
    TOKEN_ENDPOINT_AUTH_METHODS = METHODS
    INCLUDE_NEW_REFRESH_TOKEN = True

    def authenticate_refresh_token(self, refresh_token):
        token = Token.query.filter_by(refresh_token=refresh_token).first()
        return token if token and token.is_refresh_token_active() else None

    def authenticate_user(self, refresh_token):
        return db.session.get(User, refresh_token.user_id)

    def revoke_old_credential(self, refresh_token):
        refresh_token.access_token_revoked_at = int(time.time())
        refresh_token.refresh_token_revoked_at = int(time.time())
        db.session.commit()


class ClientCredentialsGrant(grants.ClientCredentialsGrant):
    TOKEN_ENDPOINT_AUTH_METHODS = ["client_secret_basic", "client_secret_post"]


class OpenID(OpenIDCode):
    def exists_nonce(self, nonce, request):
        client_id = request.payload.client_id
        return AuthorizationCode.query.filter_by(client_id=client_id, nonce=nonce).first() is not None

    def resolve_client_private_key(self, client):
        return KEY

    def get_client_claims(self, client):
        return {"iss": ISSUER, "aud": [client.client_id]}

    def generate_user_info(self, user, scope):
        return UserInfo(sub=str(user.id), preferred_username=user.username)


class Registration(ClientRegistrationEndpoint):
    def authenticate_token(self, request):
        return "anybody may register"

    def get_server_metadata(self):
        return METADATA

    def save_client(self, client_info, client_metadata, request):
        client = Client(**client_info)
        client.set_client_metadata(client_metadata)
        db.session.add(client)
        db.session.commit()
        return client


class Introspection(IntrospectionEndpoint):
    def query_token(self, token, token_type_hint):
        return Token.query.filter((Token.access_token == token) | (Token.refresh_token == token)).first()

    def check_permission(self, token, client, request):
        return token.check_client(client)

    def introspect_token(self, token):
        return {
            "active": True,
            "client_id": token.client_id,
            "scope": token.get_scope(),
            "exp": token.issued_at + token.expires_in,
            "iat": token.issued_at,
            "iss": ISSUER,
        }


server = AuthorizationServer(
    app,
    query_client=create_query_client_func(db.session, Client),
    save_token=create_save_token_func(db.session, Token),
)
server.register_grant(AuthorizationCodeGrant, [CodeChallenge(required=True), OpenID()])
server.register_grant(RefreshTokenGrant)
server.register_grant(ClientCredentialsGrant)
server.register_endpoint(Registration)
server.register_endpoint(Introspection)
server.register_endpoint(create_revocation_endpoint(db.session, Token))

require_oauth = ResourceProtector()
require_oauth.register_token_validator(create_bearer_token_validator(db.session, Token)())

PAGE = """<!doctype html><title>{{ title }}</title><h1>{{ title }}</h1>
{% if error %}<p>{{ error }}</p>{% endif %}
<form method="post">{{ fields }}</form>"""
LOGIN = """<label>User name <input name="username" required></label>
<label>Password <input name="password" type="password" required></label>
<button>Sign in</button>"""
CONSENT = '<button name="confirm" value="yes">Allow</button><button name="confirm" value="no">Deny</button>'


def page(title, fields, error=None, status=200):
    return render_template_string(PAGE, title=title, fields=Markup(fields), error=error), status


@app.route("/login", methods=["GET", "POST"])
def login():
    if request.method == "GET":
        return page("Sign in", LOGIN)
    user = User.query.filter_by(username=request.form.get("username")).first()
    if user is None or not hmac.compare_digest(request.form.get("password", ""), PASSWORD):
        return page("Sign in", LOGIN, "Wrong user name or password.", 401)
    session["user"] = user.id
    return redirect(session.pop("next", "/login"))


@app.route("/oauth/authorize", methods=["GET", "POST"])
def authorize():
    user = db.session.get(User, session["user"]) if "user" in session else None
    try:
        grant = server.get_consent_grant(end_user=user)
    except OAuth2Error as error:
        return server.handle_error_response(request, error)
    if user is None:
        session["next"] = request.full_path
        return redirect(url_for("login"))
    if request.method == "GET":
        return page(f"{grant.client.client_name or grant.client.client_id} asks for access", CONSENT)
    granted = user if request.form.get("confirm") == "yes" else None
    return server.create_authorization_response(grant_user=granted, grant=grant)


@app.post("/oauth/token")
def issue_token():
    return server.create_token_response()


@app.post("/oauth/register")
def register():
    return server.create_endpoint_response("client_registration")


@app.post("/oauth/revoke")
def revoke():
    return server.create_endpoint_response("revocation")


@app.post("/oauth/introspect")
def introspect():
    return server.create_endpoint_response("introspection")


@app.route("/oauth/userinfo", methods=["GET", "POST"])
@require_oauth("openid")
def userinfo():
    user = db.session.get(User, current_token.user_id)
    return jsonify(UserInfo(sub=str(user.id), preferred_username=user.username))


@app.get("/oauth/jwks")
def jwks():
    return jsonify(keys=[KEY.as_dict(private=False)])


@app.get("/.well-known/openid-configuration")
@app.get("/.well-known/oauth-authorization-server")
def metadata():
    return jsonify(METADATA)


if __name__ == "__main__":
    with app.app_context():
        db.create_all()
        db.session.add(User(username="alice"))
        db.session.commit()
    app.run(host="127.0.0.1", port=PORT)
