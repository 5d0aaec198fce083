//! The mappings and sequences that are open, the outermost first.

use std::borrow::Cow;

use crate::yaml::direct::Wanted;
use crate::yaml::value::{Map, Value};

/// Deeper than anybody writes; whatever is deeper is left to the grammar, which knows the limit.
const MAX_DEPTH: usize = 200;

/// What a block is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    Mapping,
    Sequence,
}

struct Block {
    kind: Kind,
    /// Where its entries begin.
    column: usize,
    /// Whether the value of its last entry is still to come.
    is_pending: bool,
    /// The key of the entry whose value is to come.
    key: String,
    entries: Vec<(String, Value)>,
    items: Vec<Value>,
}

/// Who takes the items of lists as they are read, so that nobody keeps them: the lists that are values of the mapping
/// that is the value of a key of the root.
pub(in crate::yaml) struct Taker<'s> {
    /// The key of the root.
    pub(in crate::yaml) key: &'static str,
    /// Takes an item of the list of a key; none if it declines.
    pub(in crate::yaml) take: &'s mut dyn FnMut(&str, Value) -> Option<()>,
}

pub(super) struct Blocks<'s> {
    open: Vec<Block>,
    root: Option<Value>,
    wanted: Option<Wanted>,
    taker: Option<Taker<'s>>,
    is_skipping: bool,
}

impl<'s> Blocks<'s> {
    pub(super) fn new(wanted: Option<Wanted>, taker: Option<Taker<'s>>) -> Self {
        Self {
            open: Vec::new(),
            root: None,
            wanted,
            taker,
            is_skipping: false,
        }
    }

    /// Whether what comes belongs to a value that nobody wants.
    pub(super) fn is_skipping(&self) -> bool {
        self.is_skipping
    }

    /// Whether nothing has begun yet.
    pub(super) fn are_untouched(&self) -> bool {
        self.open.is_empty() && self.root.is_none()
    }

    /// The column of the innermost block.
    pub(super) fn column(&self) -> Option<usize> {
        self.open.last().map(|block| block.column)
    }

    /// Whether a column lies within the innermost block's entries.
    pub(super) fn lies_deeper(&self, column: usize) -> bool {
        self.column().is_some_and(|block| column > block)
    }

    /// Begins an entry, and the block it is the first of.
    pub(super) fn entry(&mut self, kind: Kind, column: usize) -> Option<()> {
        while self.lies_shallower(column) {
            self.close()?;
        }
        let innermost = self
            .open
            .last()
            .map(|block| (block.kind, block.column, block.is_pending));
        match innermost {
            Some((found, at, is_pending)) if at == column => match (found, kind) {
                (Kind::Mapping, Kind::Sequence) if is_pending => self.open(kind, column)?,
                (Kind::Mapping, Kind::Sequence) => return None,
                (Kind::Sequence, Kind::Mapping) => self.close_unindented(column)?,
                _ => {}
            },
            Some((_, _, true)) => self.open(kind, column)?,
            None if self.are_untouched() => self.open(kind, column)?,
            _ => return None,
        }
        self.complete()?;
        self.open.last_mut()?.is_pending = true;
        Some(())
    }

    /// Closes a sequence that stands in its key's own column: no other may be followed by a key there.
    fn close_unindented(&mut self, column: usize) -> Option<()> {
        self.close()?;
        let parent = self.open.last()?;
        (parent.kind == Kind::Mapping && parent.column == column).then_some(())
    }

    fn lies_shallower(&self, column: usize) -> bool {
        self.column().is_some_and(|block| column < block)
    }

    /// Gives the entry just begun its key.
    pub(super) fn key(&mut self, key: Cow<'_, str>) {
        if let Some(wanted) = self.wanted
            && self.open.len() == 1
        {
            self.is_skipping = !wanted(&key);
        }
        if let Some(block) = self.open.last_mut()
            && !self.is_skipping
        {
            block.key = key.into_owned();
        }
    }

    /// Whether a value may stand at a column.
    pub(super) fn awaits_value(&self, column: usize) -> Option<()> {
        let block = self.open.last()?;
        (block.is_pending && column > block.column).then_some(())
    }

    /// Completes the entry of the innermost block.
    pub(super) fn value(&mut self, value: Value) -> Option<()> {
        let Some(block) = self.open.last_mut() else {
            self.root = Some(value);
            return Some(());
        };
        block.is_pending = false;
        if self.is_skipping {
            return Some(());
        }
        match block.kind {
            Kind::Mapping => block.entries.push((std::mem::take(&mut block.key), value)),
            Kind::Sequence => self.item(value)?,
        }
        Some(())
    }

    /// Adds an item to the innermost sequence, or hands it over.
    fn item(&mut self, item: Value) -> Option<()> {
        if let Some(taker) = &mut self.taker
            && let [root, parent, _] = self.open.as_slice()
            && root.kind == Kind::Mapping
            && root.key == taker.key
            && parent.kind == Kind::Mapping
        {
            return (taker.take)(&parent.key, item);
        }
        self.open.last_mut()?.items.push(item);
        Some(())
    }

    fn open(&mut self, kind: Kind, column: usize) -> Option<()> {
        if self.open.len() == MAX_DEPTH {
            return None;
        }
        self.open.push(Block {
            kind,
            column,
            is_pending: false,
            key: String::new(),
            entries: Vec::new(),
            items: Vec::new(),
        });
        Some(())
    }

    /// Completes an entry that nothing was written for.
    fn complete(&mut self) -> Option<()> {
        match self.open.last() {
            Some(block) if block.is_pending => self.value(Value::Null),
            _ => Some(()),
        }
    }

    /// Closes the innermost block, which completes the entry it is the value of; none if a key was given twice.
    fn close(&mut self) -> Option<()> {
        self.complete()?;
        let mut block = self.open.pop()?;
        if self.open.is_empty() {
            self.is_skipping = false;
        }
        let value = match block.kind {
            Kind::Mapping => {
                block.entries.shrink_to_fit();
                Value::Map(Map::of_distinct(block.entries)?)
            }
            Kind::Sequence => {
                block.items.shrink_to_fit();
                Value::List(block.items)
            }
        };
        self.value(value)
    }

    /// Closes everything; `None` if there was nothing.
    pub(super) fn into_root(mut self) -> Option<Value> {
        while !self.open.is_empty() {
            self.close()?;
        }
        self.root
    }
}
