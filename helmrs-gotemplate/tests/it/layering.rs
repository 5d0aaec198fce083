//! The template language depends on no runtime and has never heard of Helm.

#[test]
fn the_template_language_depends_on_no_runtime() {
    let manifest = include_str!("../../Cargo.toml");
    for forbidden in [
        "tokio",
        "kube",
        "reqwest",
        "clap",
        "helmrs-core",
        "helmrs-client",
    ] {
        assert!(
            !manifest.lines().any(|line| line.starts_with(forbidden)),
            "helmrs-gotemplate must not depend on {forbidden}"
        );
    }
}
