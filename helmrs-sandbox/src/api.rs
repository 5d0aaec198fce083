//! The HTTP surface: who asks, for what, and in which form the answer goes out.

use std::sync::Arc;

use http::{HeaderMap, Method, Request as HttpRequest};
use http_body_util::{BodyExt, Limited};
use hyper::body::Incoming;
use serde_json::json;

use crate::error::ApiError;
use crate::objects::Objects;
use crate::resources::Kind;

mod authorization;
mod body;
mod discovery;
mod logs;
mod openapi;
mod page;
mod pages;
mod path;
mod query;
mod read;
mod reply;
mod reviews;
mod scale;
mod selector;
mod table;
mod watch;
mod write;

use authorization::{Attributes, User};
use path::{Route, Target};
use query::Query;
use reply::Reply;

/// How large a request body may be.
const LARGEST_BODY: usize = 3 << 20;
/// How large a body may be that holds a whole cluster.
const LARGEST_LOAD: usize = 1 << 30;
/// Where all objects of the cluster are read and written at once.
pub(crate) const OBJECTS_PATH: &str = "/sandbox/objects";

/// The API of one cluster; clones share it.
#[derive(Clone)]
pub(crate) struct Api {
    objects: Objects,
    token: Arc<str>,
    documents: Arc<openapi::Documents>,
}

/// A request that is known to be allowed.
struct Call {
    method: Method,
    headers: HeaderMap,
    query: Query,
    user: User,
    body: Vec<u8>,
}

/// The kind a request is about, and where.
struct Place {
    kind: Arc<Kind>,
    namespace: Option<String>,
    name: Option<String>,
    subresource: String,
}

impl Api {
    /// The API over these objects; the token is the administrator's.
    pub(crate) fn new(objects: Objects, token: String) -> Self {
        Self {
            objects,
            token: token.into(),
            documents: Arc::default(),
        }
    }

    /// Answers a request.
    pub(crate) async fn answer(&self, request: HttpRequest<Incoming>) -> Reply {
        let (method, path) = (request.method().clone(), request.uri().path().to_owned());
        let reply = match self.try_answer(request).await {
            Ok(reply) => reply,
            Err(error) => reply::error(&error),
        };
        tracing::debug!(%method, path, status = reply.status().as_u16(), "answered");
        reply
    }

    async fn try_answer(&self, request: HttpRequest<Incoming>) -> Result<Reply, ApiError> {
        let (parts, body) = request.into_parts();
        if let Some(reply) = self.page(&parts).await {
            return Ok(reply);
        }
        let user = authorization::authenticate(&parts.headers, &self.token)?;
        let path = parts.uri.path().to_owned();
        let query = Query::parse(parts.uri.query().unwrap_or_default());
        let limit = if path == OBJECTS_PATH && user.is_master() {
            LARGEST_LOAD
        } else {
            LARGEST_BODY
        };
        let body = Limited::new(body, limit)
            .collect()
            .await
            .map_err(|_| ApiError::too_large(limit))?
            .to_bytes()
            .to_vec();
        let call = Call {
            method: parts.method,
            headers: parts.headers,
            query,
            user,
            body,
        };
        match path::route(&path) {
            Route::Objects(target) => self.objects_at(&call, target, &path).await,
            Route::Transfer => self.transfer(&call),
            route => self.document(&call, &route, &path),
        }
    }

    /// Answers a browser, which has a cookie instead of a token.
    async fn page(&self, parts: &http::request::Parts) -> Option<Reply> {
        if parts.method != Method::GET {
            return None;
        }
        let page = match path::route(parts.uri.path()) {
            Route::Root if page::is_wanted(&parts.headers) => page::Page::Releases,
            Route::Page(page) => page,
            _ => return None,
        };
        let query = Query::parse(parts.uri.query().unwrap_or_default());
        Some(page::answer(&self.objects, &self.token, &page, &query, &parts.headers).await)
    }

    /// Everything that is not about objects.
    fn document(&self, call: &Call, route: &Route, path: &str) -> Result<Reply, ApiError> {
        if call.method != Method::GET && call.method != Method::HEAD {
            return Err(ApiError::method_not_allowed());
        }
        authorization::check_path(&self.objects, &call.user, path)?;
        let registry = self.objects.registry();
        let missing = ApiError::no_such_resource;
        Ok(match route {
            Route::Version => reply::json(200, &discovery::version()),
            Route::Health => reply::text("ok".to_owned()),
            Route::CoreVersions => discovery::core(&registry, &call.headers),
            Route::Groups => discovery::groups(&registry, &call.headers),
            Route::Group(group) => reply::json(
                200,
                &discovery::group(&registry, group).ok_or_else(missing)?,
            ),
            Route::Resources(of) => reply::json(
                200,
                &discovery::resources(&registry, of).ok_or_else(missing)?,
            ),
            Route::OpenApiTwo => self.documents.two(&registry, &call.headers),
            Route::OpenApiIndex => self.documents.index(&registry, &call.headers),
            Route::OpenApi(of) => self.documents.document(&registry, of, &call.headers)?,
            Route::Root => reply::json(200, &discovery::paths(&registry)),
            Route::Objects(_) | Route::Transfer | Route::Page(_) | Route::Nothing => {
                return Err(missing());
            }
        })
    }

    /// All objects at once: not a path of Kubernetes, hence the administrator's alone.
    fn transfer(&self, call: &Call) -> Result<Reply, ApiError> {
        if !call.user.is_master() {
            return Err(authorization::forbidden_path(&call.user, OBJECTS_PATH));
        }
        match call.method {
            Method::GET => Ok(reply::json_text(200, self.objects.dump())),
            Method::POST => {
                let loaded = self.objects.load(&call.body);
                let loaded = loaded.map_err(|error| ApiError::bad_request(error.to_string()))?;
                Ok(reply::json(200, &json!({ "loaded": loaded })))
            }
            _ => Err(ApiError::method_not_allowed()),
        }
    }

    async fn objects_at(&self, call: &Call, target: Target, path: &str) -> Result<Reply, ApiError> {
        let registry = self.objects.registry();
        let of = &target.group_version;
        let Some(kind) = registry
            .resource(&of.group, &of.version, &target.plural)
            .cloned()
        else {
            authorization::check_path(&self.objects, &call.user, path)?;
            return Err(ApiError::no_such_resource());
        };
        let place = Place {
            kind,
            namespace: target.namespace,
            name: target.name,
            subresource: target.subresource,
        };
        let base = place.subresource.split('/').next().unwrap_or_default();
        if !base.is_empty() && !place.kind.has_subresource(base) {
            return Err(ApiError::no_such_resource());
        }
        if place.kind.namespaced && place.namespace.is_none() && place.name.is_some() {
            return Err(ApiError::no_such_resource());
        }
        authorization::check(&self.objects, &call.user, &attributes(call, &place))?;
        if place.kind.verbs == ["create"] {
            return reviews::answer(&self.objects, call, &place);
        }
        match place.subresource.as_str() {
            "log" => logs::answer(&self.objects, call, &place).await,
            "scale" => scale::answer(&self.objects, call, &place),
            "binding" => reviews::bind(&self.objects, call, &place),
            "eviction" => write::evict(&self.objects, call, &place),
            "token" => reviews::token(call, &place),
            "" | "status" | "finalize" | "approval" | "ephemeralcontainers" | "resize" => {
                self.object(call, &place)
            }
            _ => Err(ApiError::bad_request(format!(
                "{} is not offered by a sandbox, which runs nothing",
                place.subresource
            ))),
        }
    }

    fn object(&self, call: &Call, place: &Place) -> Result<Reply, ApiError> {
        let objects = &self.objects;
        match (&call.method, &place.name) {
            (&Method::GET | &Method::HEAD, Some(_)) => read::get(objects, call, place),
            (&Method::GET | &Method::HEAD, None) if call.query.flag("watch") => {
                watch::answer(objects, call, place)
            }
            (&Method::GET | &Method::HEAD, None) => read::list(objects, call, place),
            (&Method::POST, None) => write::create(objects, call, place),
            (&Method::PUT, Some(_)) => write::replace(objects, call, place),
            (&Method::PATCH, Some(_)) => write::patch(objects, call, place),
            (&Method::DELETE, Some(_)) => write::delete(objects, call, place),
            (&Method::DELETE, None) => write::delete_collection(objects, call, place),
            _ => Err(ApiError::method_not_allowed()),
        }
    }
}

/// What a request asks for, as rules of access name it.
fn attributes<'a>(call: &Call, place: &'a Place) -> Attributes<'a> {
    let named = place.name.is_some();
    let verb = match call.method {
        Method::POST => "create",
        Method::PUT => "update",
        Method::PATCH => "patch",
        Method::DELETE if named => "delete",
        Method::DELETE => "deletecollection",
        _ if named => "get",
        _ if call.query.flag("watch") => "watch",
        _ => "list",
    };
    // A namespace itself is asked for within that namespace.
    let namespace = place.namespace.as_deref().or_else(|| {
        place
            .kind
            .is("", "Namespace")
            .then_some(place.name.as_deref())
            .flatten()
    });
    Attributes {
        verb,
        group: &place.kind.group,
        resource: &place.kind.plural,
        subresource: &place.subresource,
        namespace: namespace.unwrap_or_default(),
        name: place.name.as_deref().unwrap_or_default(),
    }
}

/// The field manager of a request: as it says, or the program that asks.
fn manager(call: &Call) -> String {
    let said = call.query.text("fieldManager");
    if !said.is_empty() {
        return said.to_owned();
    }
    let agent = call
        .headers
        .get("user-agent")
        .and_then(|value| value.to_str().ok());
    let program = agent
        .unwrap_or_default()
        .split('/')
        .next()
        .unwrap_or_default();
    let program: String = program
        .chars()
        .filter(|letter| !letter.is_control())
        .take(128)
        .collect();
    if program.is_empty() {
        "unknown".to_owned()
    } else {
        program
    }
}

/// The success a delete answers with.
fn success(kind: &Kind, name: &str, uid: &serde_json::Value) -> serde_json::Value {
    let mut details = json!({"name": name, "kind": kind.plural, "uid": uid});
    if !kind.group.is_empty() {
        details["group"] = kind.group.clone().into();
    }
    json!({"kind": "Status", "apiVersion": "v1", "metadata": {}, "status": "Success", "details": details})
}
