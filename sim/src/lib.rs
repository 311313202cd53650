//! The simulator: a simulated environment, schedulers, schedules and traces.
//!
//! [`simulate::simulate`] drives a [`subject::Subject`] one [`choice::Choice`] at a time in a [`world::World`], the
//! simulated environment with clock, provider and trace. Every choice comes from one [`scheduler::Scheduler`], and
//! every event goes to one [`trace::EventSink`]. The same fixture and the same seed give the same trace, byte for byte,
//! on any machine.
//!
//! ```
//! use truecount_engine::{object::ObjectState, storage::Memory};
//! use truecount_engine::{family::FamilyId, rules::Standard, run::Outcome, unit::Response};
//! use truecount_sim::fixture::{Fixture, ResponseTable};
//! use truecount_sim::simulate::{Ended, simulate};
//! use truecount_sim::{scheduler::Fair, subject::Subject, subject::native::Native, trace::NoSink, world::World};
//!
//! // One run over three archived objects, and the provider's response for each.
//! let family = FamilyId::from_name("backup_set.restore").expect("a family of the contract");
//! let mut responses = ResponseTable::nothing();
//! responses.set(family, ObjectState::Archived, Response::Done);
//! let fixture = Fixture::of_one_run("three", family, vec![ObjectState::Archived; 3], responses);
//!
//! // The engine over rows in memory, with one worker. The scheduler injects nothing and delivers the oldest job first.
//! let mut world = World::new(&fixture, NoSink);
//! let mut subject = Native::new(Standard, Memory::new());
//! subject.reset(&mut world, 1);
//! let ended = simulate(&mut subject, &mut world, &mut Fair::default(), u64::MAX, &mut ());
//!
//! assert_eq!(ended, Ended::Quiescent);
//! assert_eq!(subject.rows().runs()[0].outcome, Some(Outcome::Succeeded));
//! ```
//!
//! This crate does not depend on JSON, files, terminals or the clauses of the contract.

/// Implements `Clone` field by field, so that `clone_from` reuses existing buffers. This matters because states are
/// forked by the million.
#[macro_export]
macro_rules! pooled {
    ($name:ident $(<$life:lifetime>)? { $($field:ident),* $(,)? }) => {
        $crate::pooled!(impl[$($life)?] $name $(<$life>)? { $($field,)* });
    };
    (impl[$($parameters:tt)*] $name:ty { $($field:ident),* $(,)? }) => {
        impl<$($parameters)*> Clone for $name {
            fn clone(&self) -> Self {
                Self { $($field: Clone::clone(&self.$field),)* }
            }

            fn clone_from(&mut self, source: &Self) {
                let Self { $($field,)* } = source;
                $(Clone::clone_from(&mut self.$field, $field);)*
            }
        }
    };
}

pub mod artifact_store;
pub mod attempts;
pub mod choice;
pub mod clock;
pub mod explore;
pub mod fault;
pub mod fingerprint;
pub mod fixture;
pub mod heal;
pub mod interrupt;
pub mod log;
pub mod portfolio;
pub mod provider;
pub mod schedule;
pub mod scheduler;
pub mod shrink;
pub mod simulate;
pub mod stream;
pub mod subject;
pub mod swarm;
pub mod trace;
pub mod world;
