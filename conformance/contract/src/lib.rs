//! The counted-progress contract and the checks that are based on it. [`clause`] and [`contract`] hold its text and
//! tables. [`reference`] holds what is known about a run in advance. [`invariant`] holds the checkers, which read the
//! [`ledger`]. [`sometimes`] and [`coverage`] record what a simulation exercised, and [`vectors`] holds the cases for
//! the pure functions.
//!
//! This crate does not depend on scenarios, seeds or terminals.

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
