//! The page at `/`: what is installed and how it fares, for people with a browser.
//!
//! Rendered here and kept up to date by one small script, which asks for the page again when something has
//! changed. Reading is all it can do.

use std::time::Duration;

use axum::body::Body;
use http::header::{
    ACCEPT, CACHE_CONTROL, CONTENT_SECURITY_POLICY, CONTENT_TYPE, COOKIE, LOCATION,
    REFERRER_POLICY, SET_COOKIE,
};
use http::{HeaderMap, HeaderValue, Response, StatusCode};
use sha2::{Digest, Sha256};

use super::query::{Query, decoded};
use super::reply::Reply;
use crate::objects::Objects;

mod diff;
mod objects;
mod releases;
mod view;

/// The cookie that says a browser was let in; it opens nothing but the page.
const TICKET: &str = "sandbox-page";
/// How long a page waits for something to change.
const PATIENCE: Duration = Duration::from_secs(20);
/// How long it waits for more of the same.
const BREATH: Duration = Duration::from_millis(200);
/// What a page may load: its own style and script.
const POLICY: &str = "default-src 'none'; style-src 'self'; script-src 'self'; connect-src 'self'; img-src data:; frame-ancestors 'none'; base-uri 'none'; form-action 'none'";

/// A page by its path.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Page {
    /// `/`
    Releases,
    /// `/sandbox/releases/NAMESPACE/NAME`
    Release(String, String),
    /// `/sandbox/page.css`
    Style,
    /// `/sandbox/page.js`
    Script,
}

/// Whether a request wants a page rather than data.
pub(super) fn is_wanted(headers: &HeaderMap) -> bool {
    let accept = headers.get(ACCEPT).and_then(|value| value.to_str().ok());
    accept.is_some_and(|accept| accept.contains("text/html"))
}

/// Answers a browser.
pub(super) async fn answer(
    objects: &Objects,
    token: &str,
    page: &Page,
    query: &Query,
    headers: &HeaderMap,
) -> Reply {
    match page {
        Page::Style => return plain("text/css", include_str!("page/page.css")),
        Page::Script => return plain("text/javascript", include_str!("page/page.js")),
        Page::Releases | Page::Release(..) => {}
    }
    if query.text("token") == token {
        return admitted(token, page);
    }
    if ticket(headers) != Some(ticket_for(token)) {
        return html(StatusCode::UNAUTHORIZED, view::refusal());
    }
    if let Some(seen) = query.number("after") {
        changed(objects, seen).await;
    }
    let revision = objects.store().revision();
    match page {
        Page::Release(namespace, name) => {
            let records = releases::of(objects, Some((namespace, name)));
            match view::release(objects, namespace, name, &records, revision) {
                Some(text) => html(StatusCode::OK, text),
                None => html(
                    StatusCode::NOT_FOUND,
                    view::no_release(namespace, name, revision),
                ),
            }
        }
        _ => html(
            StatusCode::OK,
            view::releases(objects, &releases::of(objects, None), revision),
        ),
    }
}

/// Waits until the cluster has moved on, and a little longer for what comes with it.
async fn changed(objects: &Objects, seen: u64) {
    let mut watch = objects.store().watch(seen);
    // Somebody who has missed too much gets the page at once.
    if let Ok(Ok(_)) = tokio::time::timeout(PATIENCE, watch.next()).await {
        tokio::time::sleep(BREATH).await;
    }
}

/// What a browser shows instead of the token: other servers of this machine get to see cookies, too.
fn ticket_for(token: &str) -> String {
    hex::encode(Sha256::digest(format!("{TICKET}:{token}")))
}

/// The ticket a browser was given.
fn ticket(headers: &HeaderMap) -> Option<String> {
    let cookies = headers.get_all(COOKIE).iter();
    let cookies = cookies.filter_map(|value| value.to_str().ok());
    let mut pairs = cookies.flat_map(|line| line.split(';'));
    let found = pairs.find_map(|pair| pair.trim().strip_prefix(TICKET)?.strip_prefix('='));
    found.map(decoded)
}

/// Lets a browser in, and takes the token out of its address bar.
fn admitted(token: &str, page: &Page) -> Reply {
    let mut reply = html(StatusCode::SEE_OTHER, String::new());
    let ticket = ticket_for(token);
    let cookie = format!("{TICKET}={ticket}; Path=/; Secure; HttpOnly; SameSite=Strict");
    if let Ok(cookie) = HeaderValue::from_str(&cookie) {
        reply.headers_mut().insert(SET_COOKIE, cookie);
    }
    let place = match page {
        Page::Release(namespace, name) => view::release_path(namespace, name),
        _ => "/".to_owned(),
    };
    if let Ok(place) = HeaderValue::from_str(&place) {
        reply.headers_mut().insert(LOCATION, place);
    }
    reply
}

fn html(code: StatusCode, text: String) -> Reply {
    let mut reply = plain("text/html; charset=utf-8", text);
    *reply.status_mut() = code;
    let headers = reply.headers_mut();
    headers.insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
    headers.insert(REFERRER_POLICY, HeaderValue::from_static("no-referrer"));
    headers.insert(CONTENT_SECURITY_POLICY, HeaderValue::from_static(POLICY));
    reply
}

fn plain(kind: &'static str, text: impl Into<Body>) -> Reply {
    let mut reply = Response::new(text.into());
    let headers = reply.headers_mut();
    headers.insert(CONTENT_TYPE, HeaderValue::from_static(kind));
    headers.insert(
        "x-content-type-options",
        HeaderValue::from_static("nosniff"),
    );
    reply
}
