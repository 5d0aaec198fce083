//! The file clients find a sandbox by.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::Value as Json;

/// A kubeconfig for the administrator, or for somebody the administrator plays.
pub(crate) fn of(url: &str, authority: &str, token: &str, user: Option<&str>) -> String {
    let authority = STANDARD.encode(authority);
    let played = user.map_or_else(String::new, |user| {
        // A JSON string is a YAML string, whatever is in it.
        format!("    as: {}\n", Json::from(user))
    });
    format!(
        "apiVersion: v1\nkind: Config\ncurrent-context: sandbox\n\
         clusters:\n- name: sandbox\n  cluster:\n    server: {url}\n    certificate-authority-data: {authority}\n\
         users:\n- name: admin\n  user:\n    token: {token}\n{played}\
         contexts:\n- name: sandbox\n  context:\n    cluster: sandbox\n    user: admin\n"
    )
}
