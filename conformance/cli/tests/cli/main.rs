//! The built program, run as people and CI run it: arguments in, exit code, stdout and stderr out.
//!
//! Independent of the library's modules: what is tested here is what a caller can see.

mod audit;
mod bad_input;
mod coverage;
mod exits;
mod explore;
mod gate;
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
mod words;
