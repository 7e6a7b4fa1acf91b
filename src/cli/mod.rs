//! The command line: arguments to a plan, a plan to a report, a report to an exit code.

mod args;
mod check;
mod check_matrix;
mod claim_report;
mod dense_json;
mod expectations;
mod explain;
mod flow;
mod flow_activation;
mod flow_pictures;
mod flow_resume;
mod input;
mod output;
mod plan;
mod prove;
mod prove_activation;
mod prove_claims;
mod prove_cost;
mod prove_radius;
mod saddles;
mod search;
mod verify;

use args::{Args, Command};
use clap::Parser;
use std::ffi::OsString;
use std::process::ExitCode;

/// Runs foliate with the arguments of a process, the program's name first.
///
/// Panics: never.
pub fn run(args: impl IntoIterator<Item = OsString>) -> ExitCode {
    let args = match Args::try_parse_from(args) {
        Ok(args) => args,
        Err(error) => {
            // Nothing can be done about a terminal that has gone away.
            let _ = error.print();
            return ExitCode::from(u8::try_from(error.exit_code()).unwrap_or(Status::Unusable.code()));
        }
    };
    let output = output::Output::new(&args.look);
    let status = match args.command {
        Command::Check(check) => plan::check(check).map(|plan| check::run(&plan, &output)),
        Command::Prove(prove) => prove::run(prove, &output),
        Command::Flow(flow) => plan::flow(flow, args.look.quiet).map(|plan| flow::run(&plan, &output)),
        Command::Saddles(saddles) => plan::saddles(saddles).map(|plan| saddles::run(&plan, &output)),
        Command::Explain(explain) => plan::explain(explain).map(|plan| explain::run(&plan, &output)),
        Command::Verify(verify) => plan::verify(verify).map(|plan| verify::run(&plan, &output)),
    };
    let status = status.unwrap_or_else(|complaint| {
        output.complain(&format!("error: {complaint}"));
        Status::Unusable
    });
    ExitCode::from(status.code())
}

/// How a run ended, from good to bad: of several inputs the worst counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Status {
    /// Everything asked was proved.
    Proved,
    /// Nothing was refuted, but something is open.
    Undecided,
    /// Something was refuted or rejected.
    Refuted,
    /// The input or the usage is wrong.
    Unusable,
}

impl Status {
    /// The exit code, part of the interface.
    fn code(self) -> u8 {
        match self {
            Status::Proved => 0,
            Status::Refuted => 1,
            Status::Unusable => 2,
            Status::Undecided => 3,
        }
    }
}
