//! A sandbox and a client for it; the only file that knows the crate's API.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use helmrs_sandbox::{Options, Pods, Sandbox};
use reqwest::{Certificate, Client, Method, RequestBuilder};
use serde_json::{Value, json};

/// A sandbox, and somebody who talks to it.
pub(crate) struct Cluster {
    pub(crate) sandbox: Sandbox,
    client: Client,
}

/// An answer: its status and its JSON.
pub(crate) type Answer = (u16, Value);

impl Cluster {
    /// An empty cluster in which nobody runs pods.
    pub(crate) async fn start() -> Self {
        Self::with(Options {
            pods: Pods::Leave,
            ..Options::default()
        })
        .await
    }

    pub(crate) async fn with(options: Options) -> Self {
        let sandbox = Sandbox::start(options).await.expect("a free port");
        let client = client(sandbox.authority());
        Self { sandbox, client }
    }

    /// A request of the administrator.
    pub(crate) fn request(&self, method: &str, path: &str) -> RequestBuilder {
        self.anonymous(method, path)
            .bearer_auth(self.sandbox.token())
    }

    /// A request of anybody.
    pub(crate) fn anonymous(&self, method: &str, path: &str) -> RequestBuilder {
        let method = Method::from_bytes(method.as_bytes()).expect("a method");
        let url = format!("{}{path}", self.sandbox.url());
        self.client
            .request(method, url)
            .header("user-agent", "tests/1")
    }

    pub(crate) async fn get(&self, path: &str) -> Answer {
        answer(self.request("GET", path)).await
    }

    pub(crate) async fn delete(&self, path: &str) -> Answer {
        answer(self.request("DELETE", path)).await
    }

    pub(crate) async fn post(&self, path: &str, body: &Value) -> Answer {
        answer(self.request("POST", path).json(body)).await
    }

    pub(crate) async fn put(&self, path: &str, body: &Value) -> Answer {
        answer(self.request("PUT", path).json(body)).await
    }

    /// A patch; `dialect` is `apply`, `merge`, `json` or `strategic-merge`.
    pub(crate) async fn patch(&self, dialect: &str, path: &str, body: &Value) -> Answer {
        let ending = if dialect == "apply" { "yaml" } else { "json" };
        let kind = format!("application/{dialect}-patch+{ending}");
        let request = self.request("PATCH", path).header("content-type", kind);
        answer(request.body(body.to_string())).await
    }

    /// Makes a config map in the default namespace.
    pub(crate) async fn config_map(&self, name: &str, data: Value) -> Value {
        let object = json!({"metadata": {"name": name}, "data": data});
        let (code, object) = self
            .post("/api/v1/namespaces/default/configmaps", &object)
            .await;
        assert_eq!(code, 201, "{object}");
        object
    }
}

pub(crate) async fn answer(request: RequestBuilder) -> Answer {
    let response = request.send().await.expect("an answer");
    let code = response.status().as_u16();
    let text = response.text().await.expect("a body");
    (
        code,
        serde_json::from_str(&text).unwrap_or(Value::String(text)),
    )
}

/// A client that trusts one authority.
pub(crate) fn client(authority: &str) -> Client {
    // Fails when another test has done it already.
    let _ = rustls::crypto::ring::default_provider().install_default();
    let authority = Certificate::from_pem(authority.as_bytes()).expect("a certificate");
    Client::builder()
        .tls_certs_only([authority])
        .no_proxy()
        .redirect(reqwest::redirect::Policy::none())
        .build()
        .expect("a client")
}

/// The token, the URL and the authority in a kubeconfig.
pub(crate) fn token_and_url(kubeconfig: &str) -> (String, String, String) {
    let word = |name: &str| {
        let line = kubeconfig.lines().find(|line| line.contains(name));
        let word = line.and_then(|line| line.split(": ").nth(1));
        word.expect("a line").to_owned()
    };
    let authority = STANDARD.decode(word("certificate-authority-data"));
    let authority = String::from_utf8(authority.expect("base64")).expect("PEM");
    (word("token"), word("server"), authority)
}
