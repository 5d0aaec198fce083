//! Logging flags that Kubernetes programs share: taken and ignored, as they have nothing to log here.

use clap::Args;

use super::number::Boolean;

/// Declares the hidden flags.
macro_rules! ignored {
    (booleans: $($boolean:ident)*; texts: $($text:ident)*;) => {
        /// Flags accepted for the sake of scripts that pass them to every Kubernetes program.
        // Parity: Helm, pkg/cmd/flags.go, addKlogFlags.
        #[derive(Args, Debug, Clone, Default)]
        pub(crate) struct KlogFlags {
            $(
                #[arg(long, hide = true, value_name = "bool", num_args = 0..=1, require_equals = true, default_missing_value = "true")]
                $boolean: Option<Boolean>,
            )*
            $(
                #[arg(long, hide = true, value_name = "string")]
                $text: Option<String>,
            )*
            #[arg(long, short, hide = true, value_name = "string")]
            v: Option<String>,
        }
    };
}

ignored! {
    booleans:
        add_dir_header alsologtostderr legacy_stderr_threshold_behavior logtostderr one_output
        skip_headers skip_log_headers;
    texts:
        alsologtostderrthreshold log_backtrace_at log_dir log_file log_file_max_size stderrthreshold
        vmodule;
}
