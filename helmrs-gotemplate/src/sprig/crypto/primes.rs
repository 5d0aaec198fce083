//! Large primes at random.
//!
//! Of the numbers start + k·step for a random start, a sieve leaves those without a small divisor;
//! they are taken in random order, eight at a time, until one passes Fermat's test; that one then
//! has to pass Miller's and Rabin's. Taking any of a stretch instead of the next after its start
//! makes the primes of the stretch equally likely.
//!
//! Why this is here and not a crate's: `docs/performance.md`, on keys.

mod multiply;
mod sieve;
mod witness;

use std::array;

use fearless_simd::Level;

use super::random::Generator;
use multiply::LANES;

/// Which primes of `64·N` bits, the two top ones set, are looked for.
pub(super) struct Search<const N: usize> {
    /// Every prime found is one more than a multiple of this even number.
    pub(super) step: [u64; N],
    /// By how many times eight random bases a prime has to be vouched for.
    pub(super) rounds: usize,
}

impl<const N: usize> Search<N> {
    /// Any prime.
    pub(super) fn new(rounds: usize) -> Self {
        let step = array::from_fn(|limb| if limb == 0 { 2 } else { 0 });
        Self { step, rounds }
    }

    /// A random prime. `start` gives random numbers to start from, one more than a multiple of
    /// the step; `L` digits of 52 bits hold `N` limbs.
    pub(super) fn run<const L: usize>(
        &self,
        generator: &mut Generator,
        start: impl Fn([u64; N]) -> [u64; N],
    ) -> [u64; N] {
        let level = Level::new();
        loop {
            let mut random = generator.limbs();
            random[0] |= 1;
            random[N - 1] |= 3 << 62;
            if random[N - 1] == u64::MAX {
                // So high that a stretch could end beyond the last number of this size.
                continue;
            }
            if let Some(prime) = self.stretch::<L>(level, generator, &start(random)) {
                return prime;
            }
        }
    }

    /// A prime of the stretch that begins at `start`, if it has one.
    fn stretch<const L: usize>(
        &self,
        level: Level,
        generator: &mut Generator,
        start: &[u64; N],
    ) -> Option<[u64; N]> {
        let mut survivors = sieve::survivors(start, &self.step);
        while survivors.len() >= LANES {
            let candidates: [_; LANES] = array::from_fn(|_| {
                let k = survivors.swap_remove(generator.below(survivors.len()));
                self.candidate(start, u64::from(k))
            });
            let likely = witness::fermat::<N, L>(&candidates, level);
            let prime = candidates.iter().zip(likely).find(|(candidate, likely)| {
                let mut rounds = 0..self.rounds;
                *likely
                    && rounds.all(|_| witness::miller_rabin::<N, L>(candidate, level, generator))
            });
            if let Some((prime, _)) = prime {
                return Some(*prime);
            }
        }
        None
    }

    /// start + k·step; steps are at most half as long as a prime.
    fn candidate(&self, start: &[u64; N], k: u64) -> [u64; N] {
        let mut carry = 0_u128;
        array::from_fn(|limb| {
            carry += u128::from(start[limb]) + u128::from(self.step[limb]) * u128::from(k);
            let low = carry as u64;
            carry >>= 64;
            low
        })
    }
}
