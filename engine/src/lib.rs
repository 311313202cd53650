//! The run engine: a job engine's core that counts its progress truthfully, without threads, clocks or IO of its own.
//!
//! A unit's way through it: [`operation::RequestRun`] accepts a run; [`operation::Work`] is handed its job, makes the
//! plan and seals it with `total`; each unit is loaded, attempted, and settled in one commit that holds ledger row,
//! count and, for rows of our own, the effect; [`operation::Publish`] publishes what a run has made, if it makes
//! anything; [`operation::Complete`] brings the run to its end; what [`operation::Observe`] shows meanwhile is
//! [`progress::progress`] of the run's row. What a crash left is repaired by [`operation::Sweep`].
//!
//! Rows change only in the tables of [`run`], [`unit`] and [`delivery`]. Write sets are built by [`service`] alone.
//! Every decision is a method of [`rules::Rules`]. The core knows no seed, fault, thread, wall clock, clause, terminal
//! or wire format.

pub mod artifact;
pub mod counts;
pub mod delivery;
pub mod family;
pub mod hash;
pub mod id;
pub mod index;
pub mod notice;
mod number;
pub mod operation;
pub mod plan;
pub mod policy;
pub mod progress;
pub mod refusal;
pub mod rules;
pub mod run;
pub mod service;
pub mod storage;
pub mod time;
pub mod unit;
