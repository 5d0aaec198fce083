//! The helmrs command.

use std::process::ExitCode;

use helmrs_cli::Environment;

/// Templates may call each other a thousand levels deep before that counts as a mistake.
const STACK: usize = 512 << 20;

fn main() -> ExitCode {
    let words: Vec<String> = std::env::args_os()
        .map(|word| word.to_string_lossy().into_owned())
        .collect();
    // On the main thread, not one of its own: memory is faster to come by there.
    let run = || helmrs_cli::run(&words, Environment::of_process());
    ExitCode::from(stacker::grow(STACK, run))
}
