//! The program: see `sanmen::cli`.

fn main() -> std::process::ExitCode {
    sanmen::cli::run()
}
