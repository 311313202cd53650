//! The run engine: the core of a job engine with truthful progress counts. It has no threads, clocks or IO of its own.
//!
//! The path of a unit begins when [`operation::RequestRun`] accepts a run. [`operation::Work`] receives the run's job,
//! makes the plan, and seals it together with `total`. Each unit is loaded, attempted, and then settled in a single
//! commit. This commit contains the unit's ledger row, its count and any side effect on the engine's own rows.
//! [`operation::Publish`] publishes the run's artifact, if the run has one, and [`operation::Complete`] ends the run.
//! In the meantime, [`operation::Observe`] shows [`progress::progress`] for the run's row. [`operation::Sweep`] repairs
//! what a crash has left behind.
//!
//! An operation makes requests and receives replies; the caller decides what performs the requests. In this example,
//! in-memory storage performs them:
//!
//! ```
//! use std::sync::Arc;
//! use truecount_engine::{counts::Key, id::*, operation::*, plan::Input, policy::Grant};
//! use truecount_engine::family::{FailurePolicy, FamilyId};
//! use truecount_engine::object::{ObjectState, Row};
//! use truecount_engine::{rules::Standard, run::Outcome, service::Ordered, storage::*, time::Millis};
//!
//! /// Performs the requests of an operation until it ends.
//! fn drive<O: Operation<Standard>>(mut operation: O, storage: &mut Memory) -> O::Output {
//!     let (mut reply, now) = (Reply::Begin, Millis(0));
//!     loop {
//!         match operation.resume(&Standard, &mut (), reply, now) {
//!             Next::Ask(request) => reply = storage.perform(&request, now),
//!             Next::End(output) => return output,
//!         }
//!     }
//! }
//!
//! let objects = [ObjectState::Active, ObjectState::Absent].map(|state| Row { state, version: 0 });
//! let (actor, tenant) = (ActorId(0), TenantId(0));
//! let mut storage = Memory::with(objects.to_vec(), vec![(actor, tenant, Grant::Operate)]);
//!
//! // A request creates a run with one job. Nothing more happens until a worker leases the job.
//! let family = FamilyId::from_name("evidence_snapshot.generate").expect("a family of the contract");
//! let input = Arc::new(Input::of(vec![ObjectId(0), ObjectId(1)]));
//! let failure = FailurePolicy::EveryUnit;
//! let ordered = Ordered { request: RequestId(0), actor: Some(actor), tenant, family, failure, input };
//! let RequestReply::Accepted { run, .. } = drive(RequestRun::new(&Standard, ordered), &mut storage) else { panic!("refused") };
//!
//! let lease = storage.lease(JobId(0), Millis(0), Millis(60_000));
//! drive(Work::new(&storage.jobs()[0], lease, Millis(60_000)), &mut storage);
//!
//! // One object exists and the other does not. Both units are counted, and the run has ended.
//! let row = &storage.runs()[run.index()];
//! assert_eq!(row.outcome, Some(Outcome::PartiallySucceeded));
//! let counts = [Key::Total, Key::Processed, Key::Failed].map(|key| row.counts.get(key));
//! assert_eq!(counts, [Some(2), Some(2), Some(1)]);
//! ```
//!
//! Rows change only according to the tables in [`run`], [`mod@unit`] and [`delivery`]. Only [`service`] builds write
//! sets. Every rule is a method of [`rules::Rules`]. The engine does not depend on seeds, faults, threads, wall clocks,
//! clauses, terminals or wire formats.

pub mod artifact;
pub mod counts;
pub mod delivery;
pub mod family;
pub mod hash;
pub mod id;
pub mod index;
pub mod mode;
pub mod notice;
mod number;
pub mod object;
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
