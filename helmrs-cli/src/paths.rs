//! Where helmrs keeps its files: `HELM_*_HOME`, else `XDG_*`, else the operating system's custom.

use std::path::PathBuf;

pub(crate) use helmrs_core::path::clean;

use crate::environment::{self, Environment, Variable};

/// The three directories everything else lies in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Paths {
    /// Things that can be fetched again.
    pub(crate) cache: PathBuf,
    /// Things the user configured.
    pub(crate) config: PathBuf,
    /// Things the user installed.
    pub(crate) data: PathBuf,
    /// The user's home directory, empty when unknown.
    pub(crate) home: PathBuf,
}

impl Paths {
    /// Reads the directories from the environment.
    pub(crate) fn new(environment: &Environment) -> Self {
        let home = PathBuf::from(environment.text(environment::HOME));
        let custom = |variable: Variable, xdg: Variable, default: &str| {
            if let Some(directory) = set(environment, variable) {
                return clean(&directory);
            }
            let base = set(environment, xdg).unwrap_or_else(|| home.join(default));
            clean(&base.join("helm"))
        };
        let (cache, config, data) = customary();
        Self {
            cache: custom(environment::CACHE_HOME, environment::XDG_CACHE_HOME, cache),
            config: custom(
                environment::CONFIG_HOME,
                environment::XDG_CONFIG_HOME,
                config,
            ),
            data: custom(environment::DATA_HOME, environment::XDG_DATA_HOME, data),
            home,
        }
    }

    /// The folder of GnuPG's keyrings.
    pub(crate) fn gnupg(&self, environment: &Environment) -> PathBuf {
        environment
            .get(environment::GNUPG_HOME)
            .map_or_else(|| self.home.join(".gnupg"), PathBuf::from)
    }
}

/// The customary directories below the home directory.
fn customary() -> (&'static str, &'static str, &'static str) {
    if cfg!(target_os = "macos") {
        ("Library/Caches", "Library/Preferences", "Library")
    } else {
        (".cache", ".config", ".local/share")
    }
}

fn set(environment: &Environment, variable: Variable) -> Option<PathBuf> {
    environment
        .get(variable)
        .filter(|value| !value.is_empty())
        .map(PathBuf::from)
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::*;

    fn paths(variables: &'static [(&str, &str)]) -> Paths {
        Paths::new(&Environment::new(|name| {
            variables
                .iter()
                .find(|(key, _)| *key == name)
                .map(|(_, value)| (*value).to_owned())
        }))
    }

    #[test]
    fn a_helm_home_wins_over_xdg() {
        let paths = paths(&[
            ("HELM_CACHE_HOME", "/mine/"),
            ("XDG_CACHE_HOME", "/xdg"),
            ("HOME", "/h"),
        ]);
        assert_eq!(paths.cache, Path::new("/mine"));
    }

    #[test]
    fn xdg_wins_over_the_home_directory() {
        let paths = paths(&[("XDG_CONFIG_HOME", "/xdg"), ("HOME", "/h")]);
        assert_eq!(paths.config, Path::new("/xdg/helm"));
    }

    #[test]
    fn without_a_home_the_paths_are_relative() {
        assert_eq!(paths(&[]).cache, Path::new(customary().0).join("helm"));
    }
}
