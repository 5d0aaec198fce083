//! This machine's clock, entropy and DNS.

use std::net::ToSocketAddrs;
use std::time::{SystemTime, UNIX_EPOCH};

use helmrs_gotemplate::Ambient;
use helmrs_gotemplate::time::{Moment, Zone};

/// What this machine knows of the world, in UTC.
#[derive(Clone, Copy, Debug, Default)]
pub struct World;

impl Ambient for World {
    fn now(&self) -> Moment {
        let (seconds, nanoseconds) = match SystemTime::now().duration_since(UNIX_EPOCH) {
            Ok(since) => (
                i64::try_from(since.as_secs()).unwrap_or(i64::MAX),
                since.subsec_nanos(),
            ),
            Err(before) => (
                -i64::try_from(before.duration().as_secs()).unwrap_or(i64::MAX),
                0,
            ),
        };
        Moment::new(seconds, nanoseconds, self.local_zone())
    }

    fn local_zone(&self) -> Zone {
        Zone::Utc
    }

    fn fill_random(&self, buffer: &mut [u8]) {
        getrandom::fill(buffer).expect("the operating system always has random bytes");
    }

    fn resolve_host(&self, name: &str) -> Vec<String> {
        let Ok(addresses) = (name, 0).to_socket_addrs() else {
            return Vec::new();
        };
        let mut names: Vec<String> = addresses.map(|address| address.ip().to_string()).collect();
        names.dedup();
        names
    }
}
