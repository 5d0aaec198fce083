//! Bodies in protobuf, as Helm sends them.

/// A field with bytes; every length here fits into two bytes.
fn field(number: u8, content: &[u8]) -> Vec<u8> {
    let length = content.len();
    let mut out = vec![number << 3 | 2];
    if length < 0x80 {
        out.push(length as u8);
    } else {
        out.extend([(length & 0x7f) as u8 | 0x80, (length >> 7) as u8]);
    }
    out.extend(content);
    out
}

fn entry(number: u8, key: &str, value: &str) -> Vec<u8> {
    let pair = [field(1, key.as_bytes()), field(2, value.as_bytes())].concat();
    field(number, &pair)
}

fn envelope(api_version: &str, kind: &str, object: &[u8]) -> Vec<u8> {
    let head = [field(1, api_version.as_bytes()), field(2, kind.as_bytes())].concat();
    let mut out = b"k8s\0".to_vec();
    out.extend(
        [
            field(1, &head),
            field(2, object),
            field(3, b""),
            field(4, b""),
        ]
        .concat(),
    );
    out
}

/// A release record: a Secret or a ConfigMap with the labels a release is found by.
pub(crate) fn record(plural: &str, name: &str, namespace: &str, release: &str) -> Vec<u8> {
    let kind = if plural == "secrets" {
        "Secret"
    } else {
        "ConfigMap"
    };
    let metadata = [
        field(1, name.as_bytes()),
        field(3, namespace.as_bytes()),
        entry(11, "name", release),
        entry(11, "owner", "helm"),
        entry(11, "status", "deployed"),
    ];
    let mut object = [field(1, &metadata.concat()), entry(2, "release", "H4sI")].concat();
    if kind == "Secret" {
        object.extend(field(3, b"helm.sh/release.v1"));
    }
    envelope("v1", kind, &object)
}

/// The options of a delete, all of them left open.
pub(crate) fn options() -> Vec<u8> {
    envelope("v1", "DeleteOptions", b"")
}

/// A question whether config maps may be read.
pub(crate) fn review() -> Vec<u8> {
    let attributes = [field(1, b"ns"), field(2, b"get"), field(5, b"configmaps")].concat();
    let spec = field(2, &field(1, &attributes));
    envelope("authorization.k8s.io/v1", "SelfSubjectAccessReview", &spec)
}
