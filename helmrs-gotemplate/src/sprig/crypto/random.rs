//! Random bytes for keys: one draw from the world, stretched.

use sha2::{Digest as _, Sha256};

use crate::Ambient;

/// A cryptographic generator: SHA-256 of a seed from the world and a counter.
///
/// Unlike the world itself it can go to another thread, and a world that always gives the same
/// bytes ([`Fixed`](crate::ambient::Fixed)) still makes a key of two different primes.
#[derive(Debug, Clone)]
pub(super) struct Generator {
    seed: [u8; 32],
    counter: u64,
    /// What is left of the block made last.
    block: [u8; 32],
    used: usize,
}

impl Generator {
    pub(super) fn new(ambient: &dyn Ambient) -> Self {
        let mut seed = [0; 32];
        ambient.fill_random(&mut seed);
        Self::from_seed(seed)
    }

    pub(super) fn from_seed(seed: [u8; 32]) -> Self {
        Self {
            seed,
            counter: 0,
            block: [0; 32],
            used: 32,
        }
    }

    /// A generator whose bytes tell nothing of this one's.
    pub(super) fn split(&mut self) -> Self {
        let mut seed = [0; 32];
        self.fill(&mut seed);
        Self::from_seed(seed)
    }

    pub(super) fn fill(&mut self, buffer: &mut [u8]) {
        for byte in buffer {
            if self.used == self.block.len() {
                let hash =
                    Sha256::new_with_prefix(self.seed).chain_update(self.counter.to_le_bytes());
                self.block = hash.finalize().into();
                self.counter += 1;
                self.used = 0;
            }
            *byte = self.block[self.used];
            self.used += 1;
        }
    }

    /// A number of `N` limbs, the least significant first.
    pub(super) fn limbs<const N: usize>(&mut self) -> [u64; N] {
        std::array::from_fn(|_| {
            let mut bytes = [0; 8];
            self.fill(&mut bytes);
            u64::from_le_bytes(bytes)
        })
    }

    /// An index below a bound that is small against 2^64, so that none is likelier than another.
    pub(super) fn below(&mut self, bound: usize) -> usize {
        let [limb] = self.limbs();
        ((u128::from(limb) * bound as u128) >> 64) as usize
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_seed_decides_every_byte() {
        let mut bytes = [0; 100];
        let mut again = [0; 100];
        Generator::from_seed([7; 32]).fill(&mut bytes);
        let mut generator = Generator::from_seed([7; 32]);
        for piece in again.chunks_mut(9) {
            generator.fill(piece);
        }
        assert_eq!(bytes, again);
    }

    #[test]
    fn a_generator_split_off_says_something_else() {
        let mut first = Generator::from_seed([7; 32]);
        let mut second = first.split();
        assert_ne!(first.limbs::<4>(), second.limbs::<4>());
    }

    #[test]
    fn an_index_stays_below_its_bound() {
        let mut generator = Generator::from_seed([1; 32]);
        let mut seen = [false; 10];
        for _ in 0..1000 {
            seen[generator.below(10)] = true;
        }
        assert_eq!(seen, [true; 10]);
    }
}
