//! The real world, for templates: clock, time zone, entropy, DNS.

use helmrs_client::World;
use helmrs_gotemplate::Ambient;
use helmrs_gotemplate::time::{Moment, Zone};

use crate::zone;

/// What this machine knows of the world, in the zone its user lives in.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Machine;

impl Ambient for Machine {
    fn now(&self) -> Moment {
        let now = World.now();
        Moment::new(now.unix(), now.nanosecond(), self.local_zone())
    }

    fn local_zone(&self) -> Zone {
        zone::local()
    }

    fn fill_random(&self, buffer: &mut [u8]) {
        World.fill_random(buffer);
    }

    fn resolve_host(&self, name: &str) -> Vec<String> {
        World.resolve_host(name)
    }
}
