//! What a quick look can say.

/// Whether a value keeps to a schema.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Verdict {
    Yes,
    No,
    /// Somebody else has to look.
    Unsure,
}

impl From<bool> for Verdict {
    fn from(holds: bool) -> Self {
        if holds { Self::Yes } else { Self::No }
    }
}

impl Verdict {
    /// Both hold; the second is not asked if the first does not.
    pub(super) fn and(self, other: impl FnOnce() -> Self) -> Self {
        match self {
            Self::No => Self::No,
            Self::Yes => other(),
            Self::Unsure => match other() {
                Self::No => Self::No,
                Self::Yes | Self::Unsure => Self::Unsure,
            },
        }
    }

    pub(super) fn not(self) -> Self {
        match self {
            Self::Yes => Self::No,
            Self::No => Self::Yes,
            Self::Unsure => Self::Unsure,
        }
    }

    /// Every one holds.
    pub(super) fn all<T>(of: impl IntoIterator<Item = T>, mut test: impl FnMut(T) -> Self) -> Self {
        let mut all = Self::Yes;
        for one in of {
            all = all.and(|| test(one));
            if all == Self::No {
                break;
            }
        }
        all
    }

    /// At least one holds.
    pub(super) fn any<T>(of: impl IntoIterator<Item = T>, mut test: impl FnMut(T) -> Self) -> Self {
        Self::all(of, |one| test(one).not()).not()
    }
}
