//! The helmrs command.

use std::process::ExitCode;

use helmrs_cli::Environment;

/// Templates may call each other a thousand levels deep before that counts as a mistake.
const STACK: usize = 512 << 20;

fn main() -> ExitCode {
    let words: Vec<String> = std::env::args_os()
        .map(|word| word.to_string_lossy().into_owned())
        .collect();
    let run = move || helmrs_cli::run(&words, Environment::of_process());
    let thread = std::thread::Builder::new().stack_size(STACK).spawn(run);
    let code = thread.ok().and_then(|thread| thread.join().ok());
    code.map_or(ExitCode::FAILURE, ExitCode::from)
}
