//! Simulations of the engine: they converge, and the same seed gives the same trace.

use truecount_engine::counts::Key;
use truecount_engine::family::FamilyId;
use truecount_engine::id::{ActorId, RunId, TenantId};
use truecount_engine::object::ObjectState;
use truecount_engine::rules::Standard;
use truecount_engine::run::{Outcome, Status};
use truecount_engine::storage::Memory;
use truecount_engine::unit::Response;

use super::{Native, Store as _};
use crate::fault::{Fault, PerFault};
use crate::fixture::{Fixture, ResponseTable, Surface};
use crate::log::DecisionLog;
use crate::portfolio::Drawn;
use crate::schedule::Schedule;
use crate::scheduler::{Fair, Pct, Random, Scripted};
use crate::simulate::{Ended, simulate};
use crate::stream::Stream;
use crate::subject::Subject;
use crate::trace::NoSink;
use crate::world::World;

fn fixture(family: FamilyId, units: u32) -> Fixture {
    let mut responses = ResponseTable::nothing();
    for (state, response) in [(ObjectState::Archived, Response::Done), (ObjectState::Active, Response::NotArchived)] {
        responses.set(FamilyId::BackupSetRestore, state, response);
        responses.set(FamilyId::InventorySync, state, Response::Done);
    }
    let mut faults = PerFault::default();
    for &fault in Fault::ALL {
        faults.set(fault, if fault.changes_finals() { 0 } else { 3 });
    }
    let objects = (0..units).map(|n| if n % 3 == 1 { ObjectState::Active } else { ObjectState::Archived }).collect();
    let surfaces = vec![Surface { actor: ActorId(0), tenant: Some(TenantId(0)) }];
    Fixture { workers: (1, 4), faults, surfaces, ..Fixture::of_one_run("test", family, objects, responses) }
}

struct Simulated {
    ended: Ended,
    hash: u64,
    digest: u64,
    schedule: Schedule,
    subject: Native<Standard, Memory>,
}

fn run(fixture: &Fixture, seed: Option<u64>, replay: Option<&Simulated>) -> Simulated {
    let mut subject: Native<Standard, Memory> = Native::new(Standard, Memory::default());
    let mut world = World::new(fixture, NoSink);
    let Drawn { member, picks, swarm } = Drawn::draw(fixture, seed.unwrap_or(0), None);
    let (steps, mut log) = (swarm.steps_until_heal, DecisionLog::default());
    subject.reset(&mut world, swarm.workers);
    let ended = match (seed, replay) {
        (_, Some(simulated)) => {
            let mut scripted = Scripted::new(&simulated.schedule.decisions);
            simulate(&mut subject, &mut world, &mut scripted, u64::MAX, &mut ())
        }
        (None, None) => simulate(&mut subject, &mut world, &mut Fair::default(), steps, &mut log),
        (Some(seed), None) => {
            let stream = Stream::new("schedule", &fixture.key, seed);
            match member.depth() {
                None => simulate(&mut subject, &mut world, &mut Random::new(stream, swarm, fixture), steps, &mut log),
                Some(depth) => {
                    let mut pct = Pct::new(depth, picks, stream, swarm, fixture);
                    simulate(&mut subject, &mut world, &mut pct, steps, &mut log)
                }
            }
        }
    };
    Simulated { ended, hash: world.trace.hash, digest: subject.digest(), schedule: log.schedule, subject }
}

#[test]
fn a_simulation_without_faults_counts_each_unit_once() {
    for family in [FamilyId::BackupSetRestore, FamilyId::InventorySync] {
        let simulated = run(&fixture(family, 7), None, None);
        assert_eq!(simulated.ended, Ended::Quiescent);
        let run = simulated.subject.store.rows().runs()[RunId(0).index()];
        assert_eq!((run.head.status, run.outcome), (Status::Completed, Some(Outcome::Succeeded)));
        assert_eq!([Key::Total, Key::Processed].map(|key| run.counts.get(key)), [Some(7), Some(7)]);
    }
}

#[test]
fn a_phased_run_and_an_empty_run_complete() {
    for (family, units) in [(FamilyId::BaselineCapture, 1), (FamilyId::BackupSetRestore, 0)] {
        let simulated = run(&fixture(family, units), None, None);
        assert_eq!(simulated.ended, Ended::Quiescent);
        assert_eq!(simulated.subject.rows().runs()[0].outcome, Some(Outcome::Succeeded));
    }
}

#[test]
fn every_seed_converges_and_can_be_repeated_and_replayed() {
    for family in [FamilyId::BackupSetRestore, FamilyId::InventorySync, FamilyId::BaselineCompare] {
        let fixture = fixture(family, 5);
        for seed in 0..300 {
            let [first, second] = [0, 1].map(|_| run(&fixture, Some(seed), None));
            assert_eq!(first.ended, Ended::Quiescent, "{} seed {seed}", family.name());
            assert_eq!((first.hash, first.digest), (second.hash, second.digest), "seed {seed}");
            let replayed = run(&fixture, Some(seed), Some(&first));
            assert_eq!((first.hash, first.digest), (replayed.hash, replayed.digest), "replay of seed {seed}");
            assert!(first.subject.rows().runs().iter().all(|run| !run.active()), "seed {seed}");
        }
    }
}
