//! Logging flags that Kubernetes programs share: taken and ignored, as they have nothing to log here.

mod values;

use clap::Args;

use self::values::{Backtrace, Level, Modules, Severity, Size, Switch};

/// Declares the hidden flags.
macro_rules! ignored {
    (switches: $($switch:ident)*; others: $($other:ident: $kind:ty),*;) => {
        /// Flags accepted for the sake of scripts that pass them to every Kubernetes program.
        // Parity: Helm, pkg/cmd/flags.go, addKlogFlags.
        #[derive(Args, Debug, Clone, Default)]
        pub(crate) struct KlogFlags {
            $(
                #[arg(long, hide = true, value_name = "bool", num_args = 0..=1, require_equals = true, default_missing_value = "true")]
                $switch: Option<Switch>,
            )*
            $(
                #[arg(long, hide = true, value_name = "string")]
                $other: Option<$kind>,
            )*
            #[arg(long, short, hide = true, value_name = "string")]
            v: Option<Level>,
        }
    };
}

ignored! {
    switches:
        add_dir_header alsologtostderr legacy_stderr_threshold_behavior logtostderr one_output
        skip_headers skip_log_headers;
    others:
        alsologtostderrthreshold: Severity, log_backtrace_at: Backtrace, log_dir: String, log_file: String,
        log_file_max_size: Size, stderrthreshold: Severity, vmodule: Modules;
}
