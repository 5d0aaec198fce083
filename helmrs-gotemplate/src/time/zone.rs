//! Zones: how far a wall clock is from UTC at a given instant.

use jiff::Timestamp;
use jiff::tz::{Offset, TimeZone};

/// Where a wall clock stands: Go's `time.Location`.
#[derive(Clone, Debug)]
pub enum Zone {
    /// Coordinated universal time.
    Utc,
    /// A fixed number of seconds east of UTC under a name that may be empty.
    Fixed {
        /// The abbreviation, empty where only the offset is known.
        name: String,
        /// Seconds east of UTC.
        offset: i32,
    },
    /// A zone of the time-zone database.
    Named(TimeZone),
    /// The machine's own zone; nothing where that is UTC.
    Local(Option<TimeZone>),
}

impl Zone {
    /// The zone of the time-zone database with this name; `UTC` and the empty name are UTC.
    ///
    /// `Local` is not known here: what is local is for the caller to say.
    pub fn load(name: &str) -> Option<Self> {
        match name {
            "" | "UTC" => Some(Self::Utc),
            name if name.contains("..") || name.starts_with(['/', '\\']) => None,
            name => TimeZone::get(name).ok().map(Self::Named),
        }
    }

    /// Seconds east of UTC at an instant, and the abbreviation then in force.
    pub(super) fn offset_at(&self, seconds: i64) -> (i32, String) {
        match self {
            Self::Utc | Self::Local(None) => (0, "UTC".to_string()),
            Self::Fixed { name, offset } => (*offset, name.clone()),
            Self::Named(zone) | Self::Local(Some(zone)) => {
                let info = zone.to_offset_info(clamped(seconds));
                (info.offset().seconds(), info.abbreviation().to_string())
            }
        }
    }

    /// Whether clocks are put forward for the summer at an instant.
    pub(super) fn is_daylight_saving(&self, seconds: i64) -> bool {
        match self {
            Self::Named(zone) | Self::Local(Some(zone)) => {
                zone.to_offset_info(clamped(seconds)).dst().is_dst()
            }
            _ => false,
        }
    }

    /// The name Go knows the zone by.
    pub fn name(&self) -> &str {
        match self {
            Self::Utc | Self::Local(None) => "UTC",
            Self::Fixed { name, .. } => name,
            Self::Named(zone) => zone.iana_name().unwrap_or_default(),
            Self::Local(Some(_)) => "Local",
        }
    }

    /// Seconds east of UTC when a wall clock here shows what a UTC clock shows at `local`.
    pub(super) fn offset_of_local(&self, local: i64) -> i32 {
        match self {
            Self::Utc | Self::Local(None) => 0,
            Self::Fixed { offset, .. } => *offset,
            Self::Named(zone) | Self::Local(Some(zone)) => {
                let civil = Offset::UTC.to_datetime(clamped(local));
                let before = zone.to_ambiguous_zoned(civil).compatible();
                before.map_or(0, |zoned| zoned.offset().seconds())
            }
        }
    }

    /// The offset of the zone's clocks when they go by this abbreviation, near an instant first.
    pub(super) fn offset_named(&self, abbreviation: &str, seconds: i64) -> Option<i32> {
        let (offset, name) = self.offset_at(seconds);
        if name == abbreviation {
            return Some(offset);
        }
        let half_year = 15_768_000;
        [seconds - half_year, seconds + half_year]
            .into_iter()
            .map(|other| self.offset_at(other))
            .find(|(_, name)| name == abbreviation)
            .map(|(offset, _)| offset)
    }
}

/// The instant nearest to `seconds` that the time-zone database covers.
fn clamped(seconds: i64) -> Timestamp {
    let limits = (
        Timestamp::MIN.as_second() + 100_000,
        Timestamp::MAX.as_second() - 100_000,
    );
    Timestamp::from_second(seconds.clamp(limits.0, limits.1)).unwrap_or(Timestamp::UNIX_EPOCH)
}
