//! The drafts of JSON Schema, and what each wants of a keyword.

use super::super::document::Json;

/// A version of JSON Schema.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub(in super::super) enum Draft {
    Four,
    Six,
    Seven,
    Of2019,
    #[default]
    Of2020,
}

/// What must stand after a keyword.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in super::super) enum Shape {
    Anything,
    Text,
    Bool,
    Number,
    /// A number above zero.
    Step,
    /// A whole number from zero on.
    Count,
    List,
    Schema,
    /// A truth value or a schema, where a schema is no truth value.
    BoolOrSchema,
    Schemas,
    SchemaOrSchemas,
    SchemaMap,
    /// Schemas by pattern.
    PatternMap,
    /// Schemas or names by name.
    Dependencies,
    /// Different texts.
    Names,
    /// Lists of different texts by name.
    NamesMap,
    Types,
    Enumeration,
    Pattern,
    Reference,
    /// The draft's own URL.
    Draft,
    /// The schema's own URL.
    Identity,
    /// Nothing a quick look understands.
    Unknown,
}

impl Draft {
    /// The draft that a whole schema is written in; none if it is not a well-known one.
    // Parity: santhosh-tekuri/jsonschema v6, draft.go, draftFromURL.
    pub(in super::super) fn of(schema: &Json) -> Option<Self> {
        match schema.get("$schema") {
            None => Some(Self::Of2020),
            Some(url) => Self::at(url.text()?),
        }
    }

    /// The draft at a URL.
    pub(in super::super) fn at(url: &str) -> Option<Self> {
        let url = url.strip_suffix('#').unwrap_or(url);
        let rest = url
            .strip_prefix("http://")
            .or_else(|| url.strip_prefix("https://"))?;
        match rest.strip_prefix("json-schema.org/")? {
            "draft-04/schema" => Some(Self::Four),
            "draft-06/schema" => Some(Self::Six),
            "draft-07/schema" => Some(Self::Seven),
            "draft/2019-09/schema" => Some(Self::Of2019),
            "draft/2020-12/schema" | "schema" => Some(Self::Of2020),
            _ => None,
        }
    }

    /// What the draft wants of a keyword; anything of one it does not know.
    // Parity: the metaschemas of the drafts.
    pub(in super::super) fn shape(self, keyword: &str) -> Shape {
        let (since, shape) = match keyword {
            "$schema" => (Self::Four, Shape::Draft),
            "$ref" => (Self::Four, Shape::Reference),
            "id" if self == Self::Four => (Self::Four, Shape::Identity),
            "$id" => (Self::Six, Shape::Identity),
            "title" | "description" | "format" => (Self::Four, Shape::Text),
            "$comment" | "contentMediaType" | "contentEncoding" => (Self::Seven, Shape::Text),
            "readOnly" | "writeOnly" => (Self::Seven, Shape::Bool),
            "deprecated" => (Self::Of2019, Shape::Bool),
            "uniqueItems" => (Self::Four, Shape::Bool),
            "examples" => (Self::Six, Shape::List),
            "multipleOf" => (Self::Four, Shape::Step),
            "exclusiveMaximum" | "exclusiveMinimum" if self == Self::Four => {
                (Self::Four, Shape::Bool)
            }
            "maximum" | "minimum" | "exclusiveMaximum" | "exclusiveMinimum" => {
                (Self::Four, Shape::Number)
            }
            "maxLength" | "minLength" | "maxItems" | "minItems" | "maxProperties"
            | "minProperties" => (Self::Four, Shape::Count),
            "maxContains" | "minContains" => (Self::Of2019, Shape::Count),
            "pattern" => (Self::Four, Shape::Pattern),
            "type" => (Self::Four, Shape::Types),
            "enum" => (Self::Four, Shape::Enumeration),
            "required" => (Self::Four, Shape::Names),
            "dependentRequired" => (Self::Of2019, Shape::NamesMap),
            "not" => (Self::Four, Shape::Schema),
            "contains" | "propertyNames" => (Self::Six, Shape::Schema),
            "if" | "then" | "else" => (Self::Seven, Shape::Schema),
            "contentSchema" => (Self::Of2019, Shape::Schema),
            "additionalItems" | "additionalProperties" => (Self::Four, Shape::BoolOrSchema),
            "allOf" | "anyOf" | "oneOf" => (Self::Four, Shape::Schemas),
            "prefixItems" => (Self::Of2020, Shape::Schemas),
            "items" if self == Self::Of2020 => (Self::Of2020, Shape::Schema),
            "items" => (Self::Four, Shape::SchemaOrSchemas),
            "properties" | "definitions" => (Self::Four, Shape::SchemaMap),
            "$defs" | "dependentSchemas" => (Self::Of2019, Shape::SchemaMap),
            "patternProperties" => (Self::Four, Shape::PatternMap),
            "dependencies" => (Self::Four, Shape::Dependencies),
            "$anchor"
            | "$dynamicAnchor"
            | "$dynamicRef"
            | "$recursiveAnchor"
            | "$recursiveRef"
            | "$vocabulary"
            | "unevaluatedItems"
            | "unevaluatedProperties" => (Self::Of2019, Shape::Unknown),
            _ => (Self::Four, Shape::Anything),
        };
        if self < since { Shape::Anything } else { shape }
    }
}
