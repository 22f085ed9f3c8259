//! The program `openline`: everything is in the library, so that tests and tools can use it.

fn main() -> std::process::ExitCode {
    openline::cli::run()
}
