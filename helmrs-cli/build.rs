//! How the program is linked.

fn main() {
    println!("cargo::rerun-if-changed=build.rs");
    println!("cargo::rerun-if-changed=layout.ld");
    let target = |what| std::env::var(format!("CARGO_CFG_TARGET_{what}")).unwrap_or_default();
    if target("OS") != "linux" || target("ENV") != "gnu" {
        return;
    }
    // At a fixed address nothing has to be relocated: a start then costs a third less and touches 2 MiB less.
    println!("cargo::rustc-link-arg-bins=-no-pie");
    // The unwinder that the compiler brings is linked in: loading a library for it costs every start a tenth of its time.
    if has_unwinder() {
        println!("cargo::rustc-link-lib=gcc_eh");
    }
    // What runs lies together, so that less of the program has to be in memory. Here Rust brings its own linker, which
    // is known to read such a script.
    if target("ARCH") == "x86_64" {
        let folder = std::env::var("CARGO_MANIFEST_DIR").unwrap_or_default();
        println!("cargo::rustc-link-arg-bins=-Wl,--script={folder}/layout.ld");
    }
}

/// Does the linker's compiler have the unwinder to link in? One that has not names a missing file by its bare name.
fn has_unwinder() -> bool {
    let compiler = std::env::var("RUSTC_LINKER").unwrap_or_else(|_| "cc".to_owned());
    let answer = std::process::Command::new(compiler)
        .arg("-print-file-name=libgcc_eh.a")
        .output();
    answer.is_ok_and(|answer| answer.status.success() && answer.stdout.starts_with(b"/"))
}
