//! Fields read as Go reads them: nulls are skipped, and refusals name Go's types.

use std::collections::BTreeMap;
use std::fmt;
use std::marker::PhantomData;

use serde::de::{MapAccess, SeqAccess, Unexpected, Visitor};
use serde::{Deserialize, Deserializer};

use super::{Dependency, Maintainer};
use crate::yaml::Value;

/// Reads a list of texts, in which a null is an empty one.
pub(crate) fn strings<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Vec<String>, D::Error> {
    let items = list::<D, String>(deserializer, "[]string")?;
    Ok(items.into_iter().map(Option::unwrap_or_default).collect())
}

/// Reads a list of anything.
pub(in crate::chart) fn values<'de, D: Deserializer<'de>>(
    deserializer: D,
) -> Result<Vec<Value>, D::Error> {
    let items = list::<D, Value>(deserializer, "[]interface {}")?;
    Ok(items.into_iter().map(Option::unwrap_or_default).collect())
}

/// Reads maintainers and drops nulls.
pub(in crate::chart) fn maintainers<'de, D: Deserializer<'de>>(
    deserializer: D,
) -> Result<Vec<Maintainer>, D::Error> {
    Ok(list(deserializer, "[]*v2.Maintainer")?
        .into_iter()
        .flatten()
        .collect())
}

/// Reads dependencies and drops nulls; none if there is a null instead of the list.
pub(super) fn dependencies<'de, D: Deserializer<'de>>(
    deserializer: D,
) -> Result<Option<Vec<Dependency>>, D::Error> {
    let list = written_list(deserializer, "[]*v2.Dependency")?;
    Ok(list.map(|list| list.into_iter().flatten().collect()))
}

/// Reads a mapping of texts, in which a null is an empty one.
pub(crate) fn texts<'de, D: Deserializer<'de>>(
    deserializer: D,
) -> Result<BTreeMap<String, String>, D::Error> {
    struct Texts;

    impl<'de> Visitor<'de> for Texts {
        type Value = BTreeMap<String, String>;

        fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
            formatter.write_str("map[string]string")
        }

        fn visit_unit<E>(self) -> Result<Self::Value, E> {
            Ok(BTreeMap::new())
        }

        fn visit_map<A: MapAccess<'de>>(self, mut entries: A) -> Result<Self::Value, A::Error> {
            let mut texts = BTreeMap::new();
            while let Some((key, text)) = entries.next_entry::<String, Option<String>>()? {
                texts.insert(key, text.unwrap_or_default());
            }
            Ok(texts)
        }
    }

    deserializer.deserialize_map(Texts)
}

/// Reads a list of what Go calls `go_type`, its nulls included.
pub(crate) fn list<'de, D: Deserializer<'de>, T: Deserialize<'de>>(
    deserializer: D,
    go_type: &'static str,
) -> Result<Vec<Option<T>>, D::Error> {
    Ok(written_list(deserializer, go_type)?.unwrap_or_default())
}

fn written_list<'de, D: Deserializer<'de>, T: Deserialize<'de>>(
    deserializer: D,
    go_type: &'static str,
) -> Result<Option<Vec<Option<T>>>, D::Error> {
    struct List<T>(&'static str, PhantomData<T>);

    impl<'de, T: Deserialize<'de>> Visitor<'de> for List<T> {
        type Value = Option<Vec<Option<T>>>;

        fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
            formatter.write_str(self.0)
        }

        fn visit_unit<E>(self) -> Result<Self::Value, E> {
            Ok(None)
        }

        fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<Self::Value, A::Error> {
            let mut list = Vec::new();
            while let Some(item) = items.next_element()? {
                list.push(item);
            }
            Ok(Some(list))
        }
    }

    deserializer.deserialize_seq(List(go_type, PhantomData))
}

/// Reads a whole number into what Go calls `int`; null is none.
pub(crate) fn integer<'de, D: Deserializer<'de>>(deserializer: D) -> Result<i64, D::Error> {
    struct Int;

    impl Visitor<'_> for Int {
        type Value = i64;

        fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
            formatter.write_str("int")
        }

        fn visit_unit<E>(self) -> Result<i64, E> {
            Ok(0)
        }

        fn visit_i64<E>(self, number: i64) -> Result<i64, E> {
            Ok(number)
        }

        fn visit_u64<E: serde::de::Error>(self, number: u64) -> Result<i64, E> {
            i64::try_from(number).map_err(|_| E::invalid_value(Unexpected::Unsigned(number), &self))
        }
    }

    deserializer.deserialize_i64(Int)
}
