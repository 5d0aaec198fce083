//! What a request makes of an object: the one path all writes take, of clients and controllers alike.
//!
//! A write is completed by defaults, booked in `managedFields`, prepared by the rules of its kind,
//! validated, and stored. Writes take turns, so that a decision may look at other objects too.

use std::sync::{Arc, Mutex, PoisonError, RwLock};

use serde_json::{Map, Value as Json, json};

use crate::apply::{self, ApplyError, FieldSet, Writer};
use crate::chance;
use crate::conversion;
use crate::defaults;
use crate::error::{ApiError, FieldError};
use crate::patch::{self, Dialect, PatchError};
use crate::resources::{Kind, Registry};
use crate::store::{Key, Store, Verdict};
use crate::strategy;
use crate::validation;

mod bootstrap;
mod definitions;
mod deletion;
mod identity;
mod strictness;
mod transfer;

pub(crate) use bootstrap::bootstrap;
pub(crate) use deletion::{DeleteOptions, Propagation};
pub(crate) use strictness::Strictness;
pub use transfer::LoadError;

/// The manager names of what the server writes by itself.
pub(crate) const SERVER: &str = "kube-apiserver";

/// What an update says when the object has moved on.
const MODIFIED: &str =
    "the object has been modified; please apply your changes to the latest version and try again";

/// The objects of a cluster and the rules of writing them; clones share them.
#[derive(Clone)]
pub(crate) struct Objects {
    shared: Arc<Shared>,
}

struct Shared {
    store: Store,
    registry: RwLock<Arc<Registry>>,
    turn: Mutex<()>,
    calm: Mutex<()>,
}

/// Which object a request is about, and how to write it.
#[derive(Debug, Clone)]
pub(crate) struct Request {
    /// The kind in the version of the request.
    pub(crate) kind: Arc<Kind>,
    /// Empty for cluster-scoped kinds.
    pub(crate) namespace: String,
    /// Empty for a create, whose object has the name.
    pub(crate) name: String,
    /// The path below the object, such as `status`; mostly empty.
    pub(crate) subresource: String,
    /// Who is booked as the writer.
    pub(crate) manager: String,
    /// Whether everything is done but storing.
    pub(crate) dry_run: bool,
    /// What becomes of fields the kind does not have.
    pub(crate) strictness: Strictness,
}

/// What came of a write.
#[derive(Debug, Clone)]
pub(crate) struct Written {
    /// The object as it now is.
    pub(crate) object: Arc<Json>,
    /// Whether it is new.
    pub(crate) created: bool,
    /// What the user should know.
    pub(crate) warnings: Vec<String>,
}

impl Request {
    /// A write of a controller.
    pub(crate) fn new(kind: &Arc<Kind>, namespace: &str, name: &str, manager: &str) -> Self {
        Self {
            kind: kind.clone(),
            namespace: namespace.to_owned(),
            name: name.to_owned(),
            subresource: String::new(),
            manager: manager.to_owned(),
            dry_run: false,
            strictness: Strictness::Ignore,
        }
    }

    /// The same below the object.
    pub(crate) fn below(mut self, subresource: &str) -> Self {
        subresource.clone_into(&mut self.subresource);
        self
    }

    /// Where the object is kept.
    pub(crate) fn key(&self) -> Key {
        Key {
            resource: self.kind.storage.clone(),
            namespace: self.namespace.clone(),
            name: self.name.clone(),
        }
    }

    fn custom(&self) -> bool {
        self.kind.custom.is_some()
    }

    fn has_status(&self) -> bool {
        self.kind.has_subresource("status")
    }
}

impl Objects {
    /// The objects of a store.
    pub(crate) fn new(store: Store) -> Self {
        let registry = RwLock::new(Arc::new(registry_of(&store)));
        Self {
            shared: Arc::new(Shared {
                store,
                registry,
                turn: Mutex::new(()),
                calm: Mutex::new(()),
            }),
        }
    }

    /// The store behind the rules.
    pub(crate) fn store(&self) -> &Store {
        &self.shared.store
    }

    /// The kinds there are now.
    pub(crate) fn registry(&self) -> Arc<Registry> {
        self.shared
            .registry
            .read()
            .unwrap_or_else(PoisonError::into_inner)
            .clone()
    }

    /// The kind of a group, in the version it is stored under.
    pub(crate) fn kind(&self, api_version: &str, kind: &str) -> Option<Arc<Kind>> {
        self.registry().kind(api_version, kind).cloned()
    }

    /// One object.
    pub(crate) fn get(&self, request: &Request) -> Result<Arc<Json>, ApiError> {
        self.store()
            .get(&request.key())
            .ok_or_else(|| ApiError::not_found(&request.kind, &request.name))
    }

    /// Stores a new object.
    pub(crate) fn create(&self, request: &Request, object: Json) -> Result<Written, ApiError> {
        let warnings = strictness::check_object(request, &object)?;
        let (request, object) = &self.at_hub(request, object)?;
        let _turn = self.turn();
        let written = self.create_in_turn(request, object.clone(), |object, request| {
            let reset = reset_fields(request);
            let now = chance::now();
            let api_version = request.kind.api_version();
            Ok(apply::track_update(
                None,
                object,
                &writer(request, &api_version, &now, &reset),
            ))
        })?;
        Ok(Written {
            warnings,
            ..written
        })
    }

    /// Puts an object in the place of the one there is.
    pub(crate) fn replace(&self, request: &Request, object: Json) -> Result<Written, ApiError> {
        let _turn = self.turn();
        let live = self.get(request)?;
        identity::check(request, &object)?;
        let warnings = strictness::check_object(request, &object)?;
        let (request, object) = self.at_hub(request, object)?;
        let written = self.update_in_turn(&request, &live, object)?;
        Ok(Written {
            warnings,
            ..written
        })
    }

    /// Changes an object by a patch.
    pub(crate) fn patch(
        &self,
        request: &Request,
        dialect: Dialect,
        change: &Json,
    ) -> Result<Written, ApiError> {
        let _turn = self.turn();
        let live = self.get(request)?;
        if dialect == Dialect::Strategic && request.custom() {
            return Err(ApiError::unsupported_media_type(&[
                "application/json-patch+json",
                "application/merge-patch+json",
                "application/apply-patch+yaml",
            ]));
        }
        let mut own = (*live).clone();
        conversion::from_hub(&request.kind, &mut own);
        let object = patch::patched(dialect, &own, change, &request.kind.shape).map_err(
            |error| match error {
                PatchError::Malformed(text) => ApiError::bad_request(text),
                PatchError::Rejected => ApiError::unprocessable(error.to_string()),
            },
        )?;
        identity::check(request, &object)?;
        let warnings = strictness::check_patched(request, &object)?;
        let (request, object) = self.at_hub(request, object)?;
        let written = self.update_in_turn(&request, &live, object)?;
        Ok(Written {
            warnings,
            ..written
        })
    }

    /// Reads, changes and replaces an object in one step; for controllers.
    pub(crate) fn modify(
        &self,
        request: &Request,
        change: impl FnOnce(&mut Json),
    ) -> Result<Written, ApiError> {
        let _turn = self.turn();
        let live = self.get(request)?;
        let mut object = (*live).clone();
        change(&mut object);
        self.update_in_turn(request, &live, object)
    }

    /// Merges a configuration into an object, or creates it.
    pub(crate) fn apply(
        &self,
        request: &Request,
        config: Json,
        force: bool,
    ) -> Result<Written, ApiError> {
        identity::check(request, &config)?;
        let (request, mut config) = self.at_hub(request, config)?;
        let request = &request;
        let _turn = self.turn();
        identity::fill(request, &mut config);
        let live = self.store().get(&request.key());
        let reset = reset_fields(request);
        let (now, api_version) = (chance::now(), request.kind.api_version());
        let writer = writer(request, &api_version, &now, &reset);
        let Some(live) = live else {
            if !request.subresource.is_empty() {
                return Err(ApiError::not_found(&request.kind, &request.name));
            }
            return self.create_in_turn(request, config, |config, _| {
                apply::server_side_apply(None, &config, force, &writer).map_err(apply_error)
            });
        };
        identity::check_uid(request, &config, &live)?;
        let object =
            apply::server_side_apply(Some(&live), &config, force, &writer).map_err(apply_error)?;
        self.settle(request, &live, object)
    }

    /// The same request and object in the version objects of the kind are kept in.
    fn at_hub(&self, request: &Request, mut object: Json) -> Result<(Request, Json), ApiError> {
        let mut request = request.clone();
        if let Some((api_version, kind)) = conversion::hub(&request.kind) {
            identity::check(&request, &object)?;
            conversion::to_hub(&request.kind, &mut object);
            let hub = self.kind(api_version, kind);
            request.kind = hub.ok_or_else(ApiError::no_such_resource)?;
        }
        Ok((request, object))
    }

    fn create_in_turn(
        &self,
        request: &Request,
        mut object: Json,
        own: impl FnOnce(Json, &Request) -> Result<Json, ApiError>,
    ) -> Result<Written, ApiError> {
        let applied = !request.name.is_empty();
        identity::check(request, &object)?;
        identity::fill(request, &mut object);
        let mut request = request.clone();
        request.name = identity::name(&request, &mut object)?;
        self.check_namespace(&request)?;
        if !applied && self.store().get(&request.key()).is_some() {
            return Err(ApiError::already_exists(&request.kind, &request.name));
        }
        if !applied {
            complete(&mut object, &request);
        }
        let mut object = own(object, &request)?;
        identity::stamp(&mut object);
        complete(&mut object, &request);
        strategy::prepare_create(&mut object, request.has_status(), request.custom());
        refuse(
            &request,
            &validation::validate_create(&request.kind, &object),
        )?;
        self.give_addresses(&request, &mut object)?;
        definitions::accept(&request, &mut object);
        let object = self.store_new(&request, object)?;
        Ok(Written {
            object,
            created: true,
            warnings: Vec::new(),
        })
    }

    fn store_new(&self, request: &Request, object: Json) -> Result<Arc<Json>, ApiError> {
        if request.dry_run {
            return Ok(Arc::new(object));
        }
        let object = self.store().write(&request.key(), |live| match live {
            Some(_) => Err(ApiError::already_exists(&request.kind, &request.name)),
            None => Ok(Verdict::Put(object)),
        })?;
        self.refresh_kinds(&request.kind);
        object.ok_or_else(|| ApiError::internal("a stored object is gone"))
    }

    fn update_in_turn(
        &self,
        request: &Request,
        live: &Arc<Json>,
        mut object: Json,
    ) -> Result<Written, ApiError> {
        identity::fill(request, &mut object);
        identity::check_version(request, &object, live)?;
        complete(&mut object, request);
        let reset = reset_fields(request);
        let (now, api_version) = (chance::now(), request.kind.api_version());
        let writer = writer(request, &api_version, &now, &reset);
        let object = apply::track_update(Some(live), object, &writer);
        self.settle(request, live, object)
    }

    /// The last steps of an update: the rules of the kind, and the store.
    fn settle(
        &self,
        request: &Request,
        live: &Arc<Json>,
        mut object: Json,
    ) -> Result<Written, ApiError> {
        complete(&mut object, request);
        let custom = request.custom();
        if request.subresource == "finalize" {
            let finalizers = object["spec"]["finalizers"].clone();
            object = (**live).clone();
            object["spec"]["finalizers"] = finalizers;
        } else {
            let status = request.has_status();
            strategy::prepare_update(live, &mut object, &request.subresource, status, custom);
        }
        if matches!(request.subresource.as_str(), "" | "scale") {
            refuse(
                request,
                &validation::validate_update(&request.kind, live, &object),
            )?;
        }
        self.give_addresses(request, &mut object)?;
        definitions::accept(request, &mut object);
        identity::keep_version(live, &mut object);
        let object = self.store_changed(request, live, object)?;
        Ok(Written {
            object,
            created: false,
            warnings: Vec::new(),
        })
    }

    fn store_changed(
        &self,
        request: &Request,
        live: &Arc<Json>,
        object: Json,
    ) -> Result<Arc<Json>, ApiError> {
        if apply::same_but_for_times(live, &object) {
            return Ok(live.clone());
        }
        if request.dry_run {
            return Ok(Arc::new(object));
        }
        let verdict = if deletion::is_over(&object) {
            Verdict::Remove(object)
        } else {
            Verdict::Put(object)
        };
        let object = self.store().write(&request.key(), |_| Ok(verdict))?;
        self.refresh_kinds(&request.kind);
        object.ok_or_else(|| ApiError::internal("a stored object is gone"))
    }

    fn give_addresses(&self, request: &Request, object: &mut Json) -> Result<(), ApiError> {
        if !request.kind.is("", "Service") || !request.subresource.is_empty() {
            return Ok(());
        }
        let (services, _) = self.store().list(&request.kind.storage, None);
        let identity = |object: &Json| {
            let word = |name: &str| object["metadata"][name].as_str().map(str::to_owned);
            (word("namespace"), word("name"))
        };
        let own = identity(object);
        let others = services.iter().map(|service| &**service);
        let mut taken = strategy::Addresses::of(others.filter(|other| identity(other) != own));
        taken.give(object).map_err(|refused| {
            let error = FieldError::invalid(refused.field, &refused.value, &refused.why);
            ApiError::invalid(&request.kind, &request.name, &[error])
        })
    }

    /// New objects need a namespace that is there and stays there.
    fn check_namespace(&self, request: &Request) -> Result<(), ApiError> {
        if !request.kind.namespaced {
            return Ok(());
        }
        let key = Key {
            resource: Arc::from("/namespaces"),
            namespace: String::new(),
            name: request.namespace.clone(),
        };
        let Some(namespace) = self.store().get(&key) else {
            return Err(ApiError::namespace_not_found(&request.namespace));
        };
        if namespace["metadata"].get("deletionTimestamp").is_none() {
            return Ok(());
        }
        let (resource, name) = (request.kind.group_resource(), &request.name);
        let why = format!(
            "{resource} \"{name}\" is forbidden: unable to create new content in namespace {} because it is being terminated",
            request.namespace
        );
        Err(ApiError::forbidden(&request.kind, name, &why))
    }

    /// Keeps controllers still while objects come in that belong together; taken before a turn.
    pub(crate) fn calm(&self) -> std::sync::MutexGuard<'_, ()> {
        self.shared
            .calm
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
    }

    fn turn(&self) -> std::sync::MutexGuard<'_, ()> {
        self.shared
            .turn
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
    }

    /// Reads the kinds anew after a write of a definition.
    fn refresh_kinds(&self, written: &Kind) {
        if is_definition(written) {
            let registry = Arc::new(registry_of(self.store()));
            *self
                .shared
                .registry
                .write()
                .unwrap_or_else(PoisonError::into_inner) = registry;
        }
    }
}

/// Whether objects of this kind define kinds.
fn is_definition(kind: &Kind) -> bool {
    kind.is("apiextensions.k8s.io", "CustomResourceDefinition")
}

fn registry_of(store: &Store) -> Registry {
    let resource = Arc::from("apiextensions.k8s.io/customresourcedefinitions");
    let (definitions, _) = store.list(&resource, None);
    Registry::new(definitions.iter().map(|definition| &**definition))
}

fn complete(object: &mut Json, request: &Request) {
    defaults::complete(object, &request.kind.shape, request.custom());
}

fn refuse(request: &Request, found: &[FieldError]) -> Result<(), ApiError> {
    if found.is_empty() {
        return Ok(());
    }
    Err(ApiError::invalid(&request.kind, &request.name, found))
}

fn reset_fields(request: &Request) -> FieldSet {
    FieldSet::of_fields(strategy::reset_fields(
        &request.subresource,
        request.has_status(),
    ))
}

fn writer<'a>(
    request: &'a Request,
    api_version: &'a str,
    now: &'a str,
    reset: &'a FieldSet,
) -> Writer<'a> {
    Writer {
        manager: &request.manager,
        api_version,
        subresource: &request.subresource,
        now,
        shape: &request.kind.shape,
        reset,
    }
}

fn apply_error(error: ApplyError) -> ApiError {
    match error {
        ApplyError::BadRequest(text) => ApiError::bad_request(text),
        ApplyError::Untyped { .. } => ApiError::unknown(error.to_string()),
        ApplyError::Conflict(ref conflicts) => {
            let causes = conflicts.iter().map(apply::Conflict::cause).collect();
            ApiError::apply_conflict(error.to_string(), causes)
        }
    }
}

/// The metadata of an object, made if it has none.
fn metadata(object: &mut Json) -> Option<&mut Map<String, Json>> {
    object
        .as_object_mut()?
        .entry("metadata")
        .or_insert_with(|| json!({}))
        .as_object_mut()
}
