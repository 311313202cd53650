//! Tests of the built program, run as people and CI run it. Each test passes in arguments and checks the exit code,
//! stdout and stderr.
//!
//! The tests do not use the library's modules. They check only what a caller can observe.

mod audit;
mod bad_input;
mod blame;
mod checkpoint;
mod claims;
mod coverage;
mod endless;
mod exits;
mod explore;
mod faults;
mod foreign;
mod gate;
mod interrupted;
mod known;
mod long;
mod mutants;
mod packs;
mod promote;
mod readme;
mod replay;
mod run;
mod schedules;
mod seeds;
mod shapes;
mod stops;
mod unwritable;
mod warnings;
mod whole;
mod words;
