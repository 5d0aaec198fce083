//! `.Capabilities`: what the cluster and the program can do.

use std::any::Any;

use helmrs_gotemplate::{
    CallError, Executor, JsonShape, List, Method, NamedType, Object, Text, Type, Value,
};

use super::method;
use crate::capabilities::{BuildInfo, Capabilities, KubeVersion};

static VERSION_SET: NamedType = NamedType {
    name: "common.VersionSet",
    underlying: Type::STRINGS,
    methods: &[method("Has", &[Type::String], has_version)],
};

fn has_version(arguments: &[Value]) -> Result<Value, CallError> {
    let [Value::List(versions), Value::String(wanted)] = arguments else {
        return Err(CallError::new("Has takes one version"));
    };
    Ok(Value::Bool(
        versions
            .iter()
            .any(|version| version.as_string() == Some(wanted)),
    ))
}

/// `.Capabilities`: its fields, made once, because charts ask for them again and again.
pub(super) struct CapabilitiesObject([(&'static str, Value); 3]);

impl CapabilitiesObject {
    pub(super) fn new(capabilities: &Capabilities) -> Self {
        let kube_version = KubeVersionObject {
            version: capabilities.kube_version.clone(),
            normalized: capabilities.kube_version.to_string(),
            pointed_to: true,
        };
        let helm_version = HelmVersion(capabilities.helm_version.clone());
        Self([
            ("KubeVersion", Value::object(kube_version)),
            ("APIVersions", versions(&capabilities.api_versions)),
            ("HelmVersion", Value::object(helm_version)),
        ])
    }
}

impl Object for CapabilitiesObject {
    fn type_of(&self) -> Type {
        Type::Object("*common.Capabilities")
    }

    fn as_any(&self) -> &dyn Any {
        self
    }

    fn fields(&self) -> Vec<(&'static str, Value)> {
        self.0.to_vec()
    }

    fn field(&self, name: &str) -> Option<Value> {
        let (_, value) = self.0.iter().find(|(field, _)| *field == name)?;
        Some(value.clone())
    }

    fn methods(&self) -> &'static [Method] {
        const { &[Method::new("Copy", &[])] }
    }

    fn invoke(&self, _: &str, _: &[Value], _: &mut Executor<'_>) -> Result<Value, CallError> {
        Ok(Value::object(Self(self.0.clone())))
    }

    fn deep_copy(&self) -> Option<Value> {
        let copies = self.0.clone().map(|(name, value)| match &value {
            Value::Object(object) => (name, object.deep_copy().unwrap_or(value)),
            _ => (name, value),
        });
        Some(Value::object(Self(copies)))
    }
}

/// `.Capabilities.APIVersions`.
fn versions(versions: &[String]) -> Value {
    let texts = versions.iter().map(|version| Value::from(version.as_str()));
    Value::List(List::typed(Type::Named(&VERSION_SET), texts.collect()))
}

/// `.Capabilities.KubeVersion`.
struct KubeVersionObject {
    version: KubeVersion,
    /// What the version prints as; empty in a copy.
    normalized: String,
    /// Whether it is reached through `.Capabilities`, a pointer; methods are found there alone.
    pointed_to: bool,
}

impl KubeVersionObject {
    fn text(&self) -> &str {
        if self.normalized.is_empty() {
            &self.version.version
        } else {
            &self.normalized
        }
    }

    fn exported(&self) -> Vec<(&'static str, Value)> {
        let KubeVersion {
            version,
            major,
            minor,
            ..
        } = &self.version;
        let fields = [("Version", version), ("Major", major), ("Minor", minor)];
        fields
            .into_iter()
            .map(|(name, text)| (name, Value::from(text.as_str())))
            .collect()
    }
}

impl Object for KubeVersionObject {
    fn type_of(&self) -> Type {
        Type::Object("common.KubeVersion")
    }

    fn as_any(&self) -> &dyn Any {
        self
    }

    fn fields(&self) -> Vec<(&'static str, Value)> {
        let mut fields = self.exported();
        fields.insert(
            1,
            ("normalizedVersion", Value::from(self.normalized.as_str())),
        );
        fields
    }

    // Parity: Helm, pkg/chart/common/capabilities.go: only a pointer has the methods.
    fn methods(&self) -> &'static [Method] {
        if self.pointed_to {
            const { &[Method::new("GitVersion", &[]), Method::new("String", &[])] }
        } else {
            &[]
        }
    }

    fn invoke(&self, method: &str, _: &[Value], _: &mut Executor<'_>) -> Result<Value, CallError> {
        match method {
            "GitVersion" => Ok(Value::from(self.version.version.as_str())),
            _ => Ok(Value::from(self.text())),
        }
    }

    fn printed(&self) -> Option<Text> {
        self.pointed_to.then(|| Text::from(self.text()))
    }

    fn boxed(&self) -> Option<Value> {
        let boxed = Self {
            version: self.version.clone(),
            normalized: self.normalized.clone(),
            pointed_to: false,
        };
        self.pointed_to.then(|| Value::object(boxed))
    }

    fn deep_copy(&self) -> Option<Value> {
        Some(Value::object(Self {
            version: self.version.clone(),
            normalized: String::new(),
            pointed_to: self.pointed_to,
        }))
    }

    fn json(&self) -> JsonShape {
        JsonShape::Struct(self.exported())
    }
}

/// `.Capabilities.HelmVersion`.
struct HelmVersion(BuildInfo);

impl HelmVersion {
    fn parts(&self) -> [(&'static str, &'static str, &String); 5] {
        [
            ("Version", "version", &self.0.version),
            ("GitCommit", "git_commit", &self.0.git_commit),
            ("GitTreeState", "git_tree_state", &self.0.git_tree_state),
            ("GoVersion", "go_version", &self.0.go_version),
            (
                "KubeClientVersion",
                "kube_client_version",
                &self.0.kube_client_version,
            ),
        ]
    }
}

impl Object for HelmVersion {
    fn type_of(&self) -> Type {
        Type::Object("version.BuildInfo")
    }

    fn as_any(&self) -> &dyn Any {
        self
    }

    fn fields(&self) -> Vec<(&'static str, Value)> {
        self.parts()
            .into_iter()
            .map(|(name, _, text)| (name, Value::from(text.as_str())))
            .collect()
    }

    fn json(&self) -> JsonShape {
        let tagged = self
            .parts()
            .into_iter()
            .map(|(_, tag, text)| (tag, Value::from(text.as_str())));
        JsonShape::Struct(tagged.filter(|(_, text)| text.is_true()).collect())
    }
}
