//! Sends each task through aws-sdk-ssooidc; see ../../words.ts for what comes in and goes out.

use std::error::Error;
use std::fmt::Debug;
use std::io;

use aws_sdk_ssooidc::config::{BehaviorVersion, Credentials, Region};
use aws_sdk_ssooidc::error::{DisplayErrorContext, SdkError};
use aws_sdk_ssooidc::{meta, Client, Config};
use serde_json::{json, Value};

/// What was seen, and what the client said of it.
type Seen = (String, String);

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn Error>> {
    println!(
        "{}",
        json!({ "client": "aws-sdk-ssooidc", "version": meta::PKG_VERSION })
    );
    for line in io::stdin().lines() {
        let task: Value = serde_json::from_str(&line?)?;
        let (seen, said) = send(&task).await;
        println!(
            "{}",
            json!({ "id": task["id"], "seen": seen, "said": said })
        );
    }
    Ok(())
}

async fn send(task: &Value) -> Seen {
    let client = client_of(task);
    let request = &task["request"];
    let text = |name: &str| request[name].as_str().map(String::from);
    let list = |name: &str| {
        let items = request[name].as_array()?;
        Some(
            items
                .iter()
                .filter_map(|item| item.as_str().map(String::from))
                .collect(),
        )
    };
    match task["operation"].as_str().unwrap_or_default() {
        "CreateToken" => seen(
            client
                .create_token()
                .set_client_id(text("clientId"))
                .set_client_secret(text("clientSecret"))
                .set_grant_type(text("grantType"))
                .set_device_code(text("deviceCode"))
                .set_code(text("code"))
                .set_refresh_token(text("refreshToken"))
                .set_redirect_uri(text("redirectUri"))
                .set_code_verifier(text("codeVerifier"))
                .send()
                .await,
            |output| output.access_token,
        ),
        "CreateTokenWithIAM" => seen(
            client
                .create_token_with_iam()
                .set_client_id(text("clientId"))
                .set_grant_type(text("grantType"))
                .set_code(text("code"))
                .set_refresh_token(text("refreshToken"))
                .set_assertion(text("assertion"))
                .set_redirect_uri(text("redirectUri"))
                .set_subject_token(text("subjectToken"))
                .set_subject_token_type(text("subjectTokenType"))
                .set_code_verifier(text("codeVerifier"))
                .send()
                .await,
            |output| output.access_token,
        ),
        "RegisterClient" => seen(
            client
                .register_client()
                .set_client_name(text("clientName"))
                .set_client_type(text("clientType"))
                .set_grant_types(list("grantTypes"))
                .set_scopes(list("scopes"))
                .send()
                .await,
            |output| output.client_id,
        ),
        "StartDeviceAuthorization" => seen(
            client
                .start_device_authorization()
                .set_client_id(text("clientId"))
                .set_client_secret(text("clientSecret"))
                .set_start_url(text("startUrl"))
                .send()
                .await,
            |output| output.device_code,
        ),
        other => ("not offered".into(), other.into()),
    }
}

fn client_of(task: &Value) -> Client {
    let text = |name: &str| task["credentials"][name].as_str().unwrap_or_default();
    let session = task["credentials"]["sessionToken"]
        .as_str()
        .map(String::from);
    let credentials = Credentials::new(
        text("accessKeyId"),
        text("secretAccessKey"),
        session,
        None,
        "task",
    );
    let config = Config::builder()
        .behavior_version(BehaviorVersion::latest())
        .endpoint_url(task["endpoint"].as_str().unwrap_or_default())
        .region(Region::new("us-east-1"))
        .credentials_provider(credentials)
        .http_client(aws_smithy_http_client::Builder::new().build_http())
        .build();
    Client::from_conf(config)
}

/// An exception is a variant of the operation's error, and its name is what `Debug` begins with.
fn seen<T, E>(result: Result<T, SdkError<E>>, proof: impl FnOnce(T) -> Option<String>) -> Seen
where
    E: Error + Debug + Send + Sync + 'static,
{
    match result {
        Ok(output) => match proof(output) {
            Some(text) if !text.is_empty() => ("granted".into(), String::new()),
            _ => ("nothing".into(), String::new()),
        },
        Err(SdkError::ServiceError(problem)) => {
            let whole = format!("{:?}", problem.err());
            let name = whole.split('(').next().unwrap_or_default();
            (name.into(), problem.err().to_string())
        }
        Err(other) => ("no answer".into(), DisplayErrorContext(other).to_string()),
    }
}
