//! Schedules: what a seed did differently is all that it takes to play it again, and a failure is left with little of it.

mod corpus;

use corpus::Corpus;
use truecount::gate::{Rig, hunt, shrunk};
use truecount::invariant::Checkers;
use truecount::mutant::{Bent, CATALOGUE, Mutant, Planted};
use truecount::schedule;
use truecount_engine::rules::Standard;
use truecount_engine::storage::Memory;
use truecount_sim::schedule::{Act, Deviation, Scribe};
use truecount_sim::scheduler::Scripted;

/// Units above which a scenario is left to the gate.
const UNITS_MAX: usize = 100;

#[test]
fn a_recorded_schedule_plays_the_same_events_again() {
    let corpus = Corpus::read();
    let (mut plays, mut bent, mut healed) = (0, 0, 0);
    for (scenario, brief) in corpus.pairs() {
        if scenario.fixture.units() > UNITS_MAX {
            continue;
        }
        let mut rig = Rig::new(scenario, brief, Standard, Memory::new(), Checkers::new(brief));
        for seed in 0..16 {
            let mut scribe = Scribe::default();
            let play = rig.play_recorded(seed, &mut scribe);
            let workers = rig.workers();
            let deviations = scribe.schedule.deviations;
            let again = rig.play_schedule(seed, workers, &mut Scripted::new(&deviations));
            assert_eq!((play.hash, play.digest), (again.hash, again.digest), "{} seed {seed}", scenario.id);
            plays += 1;
            bent += usize::from(!deviations.is_empty());
            healed += usize::from(deviations.last().is_some_and(|last| last.act == Act::Heal));
        }
    }
    assert!(plays > 1_000 && bent > plays / 2 && healed > plays / 4, "{plays} plays, {bent} bent, {healed} healed");
}

#[test]
fn a_world_in_which_nothing_is_bent_has_an_empty_schedule() {
    let corpus = Corpus::read();
    let (scenario, brief) = corpus.pairs()[0];
    let mut rig = Rig::new(scenario, brief, Standard, Memory::new(), Checkers::new(brief));
    let calm = rig.play_schedule(0, 2, &mut Scripted::new(&[]));
    assert_eq!(calm.finding, None);
    assert!(calm.steps > 10);
}

/// Budgets of the design: a handful of deviations, as the median over all mutants.
#[test]
fn every_bug_is_shrunk_to_what_its_clause_needs() {
    let corpus = Corpus::read();
    let pairs = corpus.pairs();
    let mutants: Vec<&'static Mutant> = CATALOGUE.iter().collect();
    let caught = hunt(&pairs, &mutants, 1_000, 2, &());
    let mut lengths = Vec::new();
    for (mutant, caught) in mutants.iter().zip(caught) {
        let sighting = caught.under_its_clause.unwrap_or_else(|| panic!("{} escaped", mutant.id));
        let found = pairs.iter().find(|(scenario, _)| scenario.id == sighting.scenario);
        let &(scenario, brief) = found.expect("the scenario is there");
        let engine = || (Planted(mutant.plant), Bent::new(mutant.store));
        let small = shrunk(scenario, brief, engine(), sighting.seed)
            .unwrap_or_else(|| panic!("{}: seed {} of {} is not shrunk", mutant.id, sighting.seed, scenario.id));
        let (rules, store) = engine();
        let mut rig = Rig::new(scenario, brief, rules, store, Checkers::new(brief));
        let mut primary = |deviations: &[Deviation]| {
            let play = rig.play_schedule(sighting.seed, small.schedule.workers, &mut Scripted::new(deviations));
            play.finding.map(|finding| finding.primary())
        };
        let kept = &small.schedule.deviations;
        assert_eq!(primary(kept), Some(small.clause), "{}", mutant.id);
        assert_eq!(schedule::lines(&small.schedule, scenario, brief).len(), kept.len());
        assert!(kept.len() <= small.recorded);
        lengths.push(kept.len());
    }
    lengths.sort_unstable();
    assert_eq!(lengths.len(), CATALOGUE.len());
    let (median, most) = (lengths[lengths.len() / 2], lengths[lengths.len() - 1]);
    assert!(median <= 8, "median {median}, most {most}");
}
