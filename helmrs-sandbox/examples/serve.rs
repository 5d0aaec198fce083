//! Starts a sandbox, prints its kubeconfig, and serves until it is interrupted.
//!
//! `serve [PORT [DATA-FILE]]`; with `HELMRS_SANDBOX_PODS=leave` pods stay pending.

use std::io::Write;

use helmrs_sandbox::{Options, Pods, Sandbox};

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let mut arguments = std::env::args().skip(1);
    let port = arguments.next().map_or(Ok(0), |port| port.parse())?;
    let data = arguments.next().map(std::path::PathBuf::from);
    let leave = std::env::var("HELMRS_SANDBOX_PODS").is_ok_and(|word| word == "leave");
    let pods = if leave { Pods::Leave } else { Pods::Run };
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()?;
    runtime.block_on(async {
        let sandbox = Sandbox::start(Options {
            port,
            data,
            pods,
            ..Options::default()
        })
        .await?;
        let mut out = std::io::stdout();
        out.write_all(sandbox.kubeconfig().as_bytes())?;
        out.flush()?;
        tokio::signal::ctrl_c().await?;
        sandbox.stop().await;
        Ok(())
    })
}
