//! Where answers point, and what may be taken there.
// Parity: Go, net/http/client.go, redirectBehavior; oras-go drops the authorization for every other origin.

use helmrs_gotemplate::url::Url as GoUrl;
use http::header::{AUTHORIZATION, CONTENT_TYPE, LOCATION};
use http::{Method, StatusCode};
use reqwest::Response;
use url::Url;

use super::{Body, RegistryError, Request};

/// Where an answer points, if it is to be followed.
pub(super) fn redirect(request: &Request, response: &Response) -> Option<String> {
    let repeats = match response.status().as_u16() {
        301..=303 => false,
        307 | 308 => true,
        _ => return None,
    };
    if repeats && matches!(request.body, Body::Once(_)) {
        return None;
    }
    let location = response.headers().get(LOCATION)?;
    Some(String::from_utf8_lossy(location.as_bytes()).into_owned()).filter(|to| !to.is_empty())
}

/// The request that follows a redirect.
pub(super) fn follow(
    mut request: Request,
    from: &Url,
    to: &Url,
    status: StatusCode,
) -> Result<Request, RegistryError> {
    let is_elsewhere = !is_same_origin(from, to);
    if is_elsewhere {
        request.headers.remove(AUTHORIZATION);
    }
    if !matches!(to.scheme(), "http" | "https") {
        let scheme = to.scheme();
        return Err(request.failed(format!("unsupported protocol scheme \"{scheme}\"")));
    }
    if matches!(status.as_u16(), 301..=303) {
        if request.method != Method::HEAD {
            request.method = Method::GET;
        }
        request.body = Body::None;
        request.headers.remove(CONTENT_TYPE);
    } else if is_elsewhere && matches!(request.body, Body::Secret(_)) {
        // The reference would tell the other host the password.
        return Err(request.failed("refused to send credentials to another host"));
    }
    Ok(request)
}

/// Whether two URLs have scheme, host and port in common.
pub(in crate::registry) fn is_same_origin(one: &Url, other: &Url) -> bool {
    one.scheme() == other.scheme()
        && one.host_str() == other.host_str()
        && one.port_or_known_default() == other.port_or_known_default()
}

/// Where a location leads to from a URL.
pub(super) fn join(url: &Url, location: &str) -> Result<Url, String> {
    url.join(location).map_err(|error| {
        // In Go's words, if it finds anything wrong at all.
        let parsed = GoUrl::parse(location.as_bytes());
        parsed.map_or_else(|error| error.to_string(), |_| error.to_string())
    })
}

#[cfg(test)]
mod tests {
    use bytes::Bytes;
    use http::HeaderValue;

    use super::*;

    fn url(text: &str) -> Url {
        Url::parse(text).unwrap()
    }

    fn request(body: Body) -> Request {
        Request::new(Method::POST, "https://a/v2/".to_string())
            .with_body(body)
            .authorized(&HeaderValue::from_static("Basic x"))
    }

    #[test]
    fn authorization_stays_with_scheme_host_and_port() {
        let from = url("https://a/v2/");
        let keeps = |to: &str| {
            let next = follow(
                request(Body::None),
                &from,
                &url(to),
                StatusCode::TEMPORARY_REDIRECT,
            );
            next.unwrap().headers.contains_key(AUTHORIZATION)
        };
        assert!(keeps("https://a:443/b"));
        assert!(!keeps("https://a:444/b"));
        assert!(!keeps("http://a/b"));
        assert!(!keeps("https://b.a/b"));
    }

    #[test]
    fn a_secret_is_not_repeated_elsewhere() {
        let from = url("https://a/token");
        let secret = || request(Body::Secret(Bytes::from_static(b"password")));
        let there = url("https://b/token");
        assert!(follow(secret(), &from, &there, StatusCode::PERMANENT_REDIRECT).is_err());
        let next = follow(secret(), &from, &there, StatusCode::FOUND).unwrap();
        assert_eq!(next.method, Method::GET);
        assert!(next.body.bytes().is_empty());
        let here = url("https://a/other");
        assert!(follow(secret(), &from, &here, StatusCode::PERMANENT_REDIRECT).is_ok());
    }

    #[test]
    fn files_of_this_machine_are_no_place_to_be_sent_to() {
        let error = follow(
            request(Body::None),
            &url("https://a"),
            &url("file:///etc/passwd"),
            StatusCode::FOUND,
        );
        assert!(
            error
                .unwrap_err()
                .to_string()
                .contains("unsupported protocol scheme")
        );
    }
}
