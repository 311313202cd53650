//! The counted-progress contract, and all that judges by it: [`clause`] and [`contract`] hold its text and its tables,
//! [`reference`] what is known of a run beforehand, [`invariant`] the checkers over their ledger, [`reached`] and
//! [`coverage`] what was there to be judged, [`vectors`] the cases of the pure functions.
//!
//! Independent of scenarios, seeds and terminals.

pub mod clause;
pub mod contract;
pub mod coverage;
pub mod digest;
pub mod hint;
pub mod invariant;
pub mod judge;
pub mod ledger;
pub mod reference;
pub mod sometimes;
pub mod vectors;
