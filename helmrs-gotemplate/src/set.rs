//! Sets of templates that know each other by name.

use std::collections::BTreeMap;
use std::rc::Rc;

use crate::ast::Tree;
use crate::error::TemplateError;
use crate::functions::Functions;
use crate::parser::{self, Parsed};
use crate::value::Text;

/// What a key that a map does not have gives.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum MissingKey {
    /// No value: Go's `missingkey=invalid`.
    #[default]
    Invalid,
    /// The zero value of the map's elements: `missingkey=zero`.
    Zero,
    /// An error: `missingkey=error`.
    Error,
}

/// Templates that can execute each other by name.
///
/// A template is parsed once, with its functions looked up, and executed any number of times.
///
/// # Examples
///
/// ```
/// use helmrs_gotemplate::{Executor, Functions, MissingKey, TemplateSet, Value, ambient::Fixed};
///
/// let mut set = TemplateSet::new("set", Functions::new(), MissingKey::Zero);
/// set.parse("greeting", r#"{{ define "name" }}{{ . }}{{ end }}Hello, {{ template "name" . }}!"#)?;
/// let text = Executor::new(&set, &Fixed::default()).execute("greeting", &Value::from("world"))?;
/// assert_eq!(*text, *b"Hello, world!");
/// # Ok::<(), helmrs_gotemplate::TemplateError>(())
/// ```
#[derive(Debug)]
pub struct TemplateSet {
    name: String,
    functions: Functions,
    missing_key: MissingKey,
    templates: BTreeMap<Text, Rc<Tree>>,
    /// Every text, so that a library in several places is parsed once.
    parsed: BTreeMap<Text, Parsed>,
}

impl TemplateSet {
    /// Makes an empty set; texts evaluated during an execution are parsed under the set's name.
    pub fn new(name: &str, functions: Functions, missing_key: MissingKey) -> Self {
        Self {
            name: name.to_owned(),
            functions,
            missing_key,
            templates: BTreeMap::new(),
            parsed: BTreeMap::new(),
        }
    }

    /// Returns the set's name.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Returns the functions templates are parsed with.
    pub fn functions(&self) -> &Functions {
        &self.functions
    }

    /// Returns what a missing key gives.
    pub fn missing_key(&self) -> MissingKey {
        self.missing_key
    }

    /// Parses a text under a name and keeps what it defines.
    ///
    /// A template that is already there is replaced, unless by one of nothing but space and comments.
    pub fn parse(
        &mut self,
        name: &str,
        text: impl AsRef<[u8]> + Into<Text>,
    ) -> Result<(), TemplateError> {
        let known = self.parsed.get(text.as_ref());
        if let Some(known) = known.and_then(|known| known.renamed(name)) {
            self.adopt(&known);
            return Ok(());
        }
        let text = text.into();
        let parsed = parser::parse(name, &text, &self.functions)?;
        self.adopt(&parsed);
        self.parsed.insert(text, parsed);
        Ok(())
    }

    fn adopt(&mut self, parsed: &Parsed) {
        for tree in parsed.definitions.iter().chain([&parsed.main]) {
            if !tree.is_empty() || !self.templates.contains_key(&tree.name) {
                self.templates.insert(tree.name.clone(), Rc::clone(tree));
            }
        }
    }

    /// Tells whether there is a template of this name.
    pub fn contains(&self, name: &str) -> bool {
        self.templates.contains_key(name.as_bytes())
    }

    /// Returns the names of all templates, sorted.
    pub fn names(&self) -> impl Iterator<Item = &Text> {
        self.templates.keys()
    }

    pub(crate) fn get(&self, name: &[u8]) -> Option<&Rc<Tree>> {
        self.templates.get(name)
    }
}
