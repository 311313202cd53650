//! The counted-progress contract, and everything that judges by it: [`clause`] and [`contract`] hold its text and its
//! tables, [`reference`] what is known of a run in advance, [`invariant`] the checkers over their ledger, [`sometimes`]
//! and [`coverage`] what a simulation exercised, [`vectors`] the cases of the pure functions.
//!
//! Independent of scenarios, seeds and terminals.

pub mod clause;
pub mod contract;
pub mod coverage;
pub mod digest;
pub mod invariant;
pub mod judge;
pub mod ledger;
pub mod reference;
pub mod sometimes;
pub mod vectors;
