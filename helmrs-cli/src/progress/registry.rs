//! What happens while charts come from registries and go there, in words.

use helmrs_client::Event;

/// Transfers smaller than this are over before anybody could look.
const WORTH_SHOWING: u64 = 4 << 20;

/// How many letters wide a bar is.
const WIDTH: u64 = 30;

/// What is said of an underscore that stands for a plus sign.
// Parity: Helm, pkg/registry/client.go, registryUnderscoreMessage.
const UNDERSCORE: &str = "
OCI artifact references (e.g. tags) do not support the plus sign (+). To support
storing semantic versions, Helm adopts the convention of changing plus (+) to
an underscore (_) in chart version tags when pushing to a registry and back to
a plus (+) when pulling from a registry.";

/// The lines of an event; none for those that have no words here.
pub(super) fn text(event: &Event) -> Option<String> {
    Some(match event {
        Event::Pulled { reference, digest } => {
            let told = format!("Pulled: {reference}\nDigest: {digest}\n");
            // Parity: an underscore anywhere in the reference counts here, and only one in the tag below.
            told + &underscore(reference, reference.contains('_'))
        }
        Event::Pushed { reference, digest } => {
            let told = format!("Pushed: {reference}\nDigest: {digest}\n");
            let tag = reference.rsplit_once(':').map_or("", |(_, tag)| tag);
            told + &underscore(reference, tag.contains('_'))
        }
        Event::OldMediaType { media_type } => {
            format!("Warning: chart media type {media_type} is deprecated\n")
        }
        _ => return None,
    })
}

fn underscore(reference: &str, is_there: bool) -> String {
    if is_there {
        format!("{reference} contains an underscore.\n{UNDERSCORE}\n")
    } else {
        String::new()
    }
}

/// How far a transfer is; empty when it is over, or small. A total of zero is one that nobody knows.
pub(super) fn bar(done: u64, total: u64) -> String {
    if total == 0 && done >= WORTH_SHOWING {
        return format!("{} MiB", megabytes(done));
    }
    if total < WORTH_SHOWING || done >= total {
        return String::new();
    }
    let filled = usize::try_from(done.saturating_mul(WIDTH) / total).unwrap_or_default();
    let (full, empty) = ("#".repeat(filled), "-".repeat(WIDTH as usize - filled));
    let percent = done.saturating_mul(100) / total;
    format!("[{full}{empty}] {percent:>3}% of {} MiB", megabytes(total))
}

fn megabytes(bytes: u64) -> String {
    format!("{}.{}", bytes >> 20, ((bytes >> 10) & 1023) * 10 / 1024)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pulled(reference: &str) -> String {
        let (reference, digest) = (reference.to_owned(), "sha256:1".to_owned());
        text(&Event::Pulled { reference, digest }).unwrap()
    }

    #[test]
    fn underscores_are_explained() {
        assert_eq!(
            pulled("a/web:1.0.0"),
            "Pulled: a/web:1.0.0\nDigest: sha256:1\n"
        );
        assert!(
            pulled("a/web:1.0.0_b")
                .contains("a/web:1.0.0_b contains an underscore.\n\nOCI artifact")
        );
        let (reference, digest) = ("a_b/web:1.0.0".to_owned(), "sha256:1".to_owned());
        let pushed = text(&Event::Pushed { reference, digest }).unwrap();
        assert!(!pushed.contains("contains"));
    }

    #[test]
    fn a_bar_is_for_what_takes_a_while() {
        assert_eq!(bar(1, 1000), "");
        assert_eq!(bar(1000, 0), "");
        assert_eq!(bar(5 << 20, 0), "5.0 MiB");
        assert_eq!(bar(8 << 20, 8 << 20), "");
        assert_eq!(
            bar(4 << 20, 8 << 20),
            "[###############---------------]  50% of 8.0 MiB"
        );
        assert_eq!(bar(1 << 19, u64::MAX).len(), bar(0, u64::MAX).len());
    }
}
