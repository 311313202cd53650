//! truecount: a deterministic simulation and conformance harness for counted progress.
//!
//! [`scenario`] reads what a simulation starts from; [`gate`] plays it over seeds; [`invariant`] checks every clause of
//! [`clause`] at every event; [`report`] and [`story`] say what held and what did not; [`mutant`] plants bugs, to show
//! that the checkers can fail; [`reached`] and [`coverage`] say what was there to be judged; [`book`] holds the contract
//! and what a run showed of it; [`kept`] is how a long check goes on in another process; [`cli`] is the command line.

pub mod cli;
