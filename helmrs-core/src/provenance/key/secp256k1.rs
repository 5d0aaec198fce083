//! Signatures on secp256k1, which come in two forms.
//!
//! With `s` the signature, `n - s` is one as well, `n` being the order of the curve. The crate for the arithmetic takes
//! only the smaller of the two, as Bitcoin does; OpenPGP knows no such rule.

use pgp::types::Mpi;

/// The order of the curve.
const ORDER: [u8; 32] = [
    0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xfe,
    0xba, 0xae, 0xdc, 0xe6, 0xaf, 0x48, 0xa0, 0x3b, 0xbf, 0xd2, 0x5e, 0x8c, 0xd0, 0x36, 0x41, 0x41,
];

/// The numbers of a signature, the second in its smaller form.
pub(super) fn normalized(mut numbers: Vec<Mpi>) -> Vec<Mpi> {
    if let [_, s] = &mut *numbers {
        let mut padded = [0; 32];
        let bytes = s.as_ref();
        if bytes.len() <= padded.len() {
            padded[32 - bytes.len()..].copy_from_slice(bytes);
            if let Some(other) = complement(&padded).filter(|other| *other < padded) {
                *s = Mpi::from_slice(&other);
            }
        }
    }
    numbers
}

/// The order less a number; none if the number is larger.
fn complement(number: &[u8; 32]) -> Option<[u8; 32]> {
    let mut difference = [0; 32];
    let mut borrow = false;
    for place in (0..32).rev() {
        let (byte, first) = ORDER[place].overflowing_sub(number[place]);
        let (byte, second) = byte.overflowing_sub(borrow.into());
        difference[place] = byte;
        borrow = first || second;
    }
    (!borrow).then_some(difference)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_smaller_of_both_forms_stays() {
        let mut one = [0; 32];
        one[31] = 1;
        let large = complement(&one).unwrap();
        let second = |s: &[u8]| {
            let numbers = vec![Mpi::from_slice(&[1]), Mpi::from_slice(s)];
            normalized(numbers)[1].as_ref().to_vec()
        };
        assert_eq!(second(&large), [1]);
        assert_eq!(second(&one), [1]);
        assert_eq!(second(&[0xff; 32]), [0xff; 32]);
        assert_eq!(second(&[7; 40]), [7; 40]);
    }
}
