# Lists the recipes.
default:
    @just --list

# What CI runs before the conformance suites.
check: fmt clippy test doc

fmt:
    cargo fmt --all --check

clippy:
    cargo clippy --workspace --all-targets -- -D warnings

test *arguments:
    ./test {{arguments}}

doc:
    ! grep -rn --include='*.rs' '```ignore' helmrs-*/src
    RUSTDOCFLAGS="-D warnings" cargo doc --workspace --no-deps

deny:
    cargo deny check bans licenses sources

# Packages the charts that other charts of ours carry in charts/.
charts:
    helm dependency update charts/mysql
    helm dependency update charts/webapp
    helm dependency update charts/workers

# Records goldens with the reference: `just record cli` or `just record render`.
record area:
    HELMRS_RECORD=1 cargo test --workspace --test it {{area}}

# Records the cases that no reference can: charts with templates in Tera.
record-tera:
    HELMRS_RECORD=1 cargo test --package helmrs-cli --test it tera

# The program as it is shipped, with manual pages and completions: all of it goes to target/dist.
dist:
    cargo build --profile dist --package helmrs-cli
    just documents target/dist/helmrs target/dist

# Manual pages and completions of a program: `just documents target/debug/helmrs out`.
documents program directory:
    mkdir -p {{directory}}/man/man1 {{directory}}/completions
    SOURCE_DATE_EPOCH=${SOURCE_DATE_EPOCH:-$(git log -1 --format=%ct)} \
        {{program}} docs --type man --dir {{directory}}/man/man1
    {{program}} completion bash > {{directory}}/completions/helmrs.bash
    {{program}} completion zsh > {{directory}}/completions/_helmrs
    {{program}} completion fish > {{directory}}/completions/helmrs.fish
    {{program}} completion powershell > {{directory}}/completions/helmrs.ps1

# Times whole commands against HELMRS_REFERENCE_HELM, turn by turn.
bench:
    cargo build --release --package helmrs-cli
    benches/run target/release/helmrs
    benches/cluster target/release/helmrs

# Looks for inputs that break a target of helmrs-*/fuzz: `just fuzz yaml 120`. Wants a nightly toolchain and cargo-fuzz.
fuzz target seconds:
    cd "$(dirname "$(dirname helmrs-*/fuzz/fuzz_targets/{{target}}.rs)")/.." && mkdir -p fuzz/corpus/{{target}} && \
        cargo +nightly fuzz run --sanitizer none --target-dir ../target/fuzz {{target}} fuzz/corpus/{{target}} ../testdata -- \
        -max_total_time={{seconds}} -rss_limit_mb=2048 -timeout=10 -max_len=8192
