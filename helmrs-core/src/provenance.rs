//! Provenance: a chart's metadata and the hash of its archive, signed.
//!
//! A [`Keyring`] is read from a file of GnuPG's. Of its certificates one signs, once it is unlocked, and all of them can
//! verify. Which keys and signatures count is decided here, as the reference's OpenPGP library decides it; the arithmetic
//! is done by the `pgp` crate.

mod algorithm;
mod armor;
mod certificate;
mod claim;
mod cleartext;
mod error;
mod key;
mod keybox;
mod keyring;
mod message;
mod packet;
mod sign;
mod signature;
mod source;
mod verify;

pub use certificate::Certificate;
pub use claim::claims;
pub use error::OpenPgpError;
pub use keybox::KeyboxError;
pub use keyring::{AmbiguousKey, ArmoredError, Keyring, KeyringError};
pub use message::MessageError;
pub use sign::{SALT, SignError, Signer};
pub use verify::{Verification, VerifyError};
