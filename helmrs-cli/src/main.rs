//! The helmrs command.

use std::process::ExitCode;

use helmrs_cli::Environment;
use helmrs_gotemplate::stack;

fn main() -> ExitCode {
    let words: Vec<String> = std::env::args_os()
        .map(|word| word.to_string_lossy().into_owned())
        .collect();
    // On the main thread, not one of its own: memory is faster to come by there.
    let run = || helmrs_cli::run(&words, Environment::of_process());
    ExitCode::from(stack::with_room(run))
}
