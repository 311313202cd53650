//! Tests of schedules. The decisions of a seed are enough to simulate it again, and a failure needs only a few
//! decisions.

mod corpus;

use corpus::Corpus;
use truecount_contract::judge::Checkers;
use truecount_contract::reference::Reference;
use truecount_engine::rules::Standard;
use truecount_engine::storage::Memory;
use truecount_gate::shrink::{self, HANDFUL, Minimized};
use truecount_gate::{Runner, schedule_of, search};
use truecount_mutants::{CATALOGUE, FaultyStore, Mutant, Planted};
use truecount_scenario::{Scenario, write};
use truecount_sim::log::DecisionLog;
use truecount_sim::schedule::{Action, Decision, Schedule};
use truecount_sim::scheduler::Scripted;

/// The number of units above which only the gate simulates a scenario.
const UNITS_MAX: usize = 100;

#[test]
fn a_recorded_schedule_gives_the_same_events_again() {
    let corpus = Corpus::read();
    let (mut simulations, mut injected, mut healed) = (0, 0, 0);
    for (scenario, reference) in corpus.pairs() {
        if scenario.fixture.units() > UNITS_MAX {
            continue;
        }
        let mut runner = Runner::new(scenario, reference, Standard, Memory::new(), Checkers::new(reference));
        for seed in 0..16 {
            let mut log = DecisionLog::default();
            let simulation = runner.simulate_logged(seed, &mut log);
            let digest = runner.digest();
            let workers = runner.workers();
            let decisions = log.schedule.decisions;
            let again = runner.simulate_schedule(seed, workers, &mut Scripted::new(&decisions));
            assert_eq!((simulation.hash, digest), (again.hash, runner.digest()), "{} seed {seed}", scenario.id);
            let (drawn, reference) = scenario.drawn(reference, seed);
            let setting = drawn.setting(reference);
            let read: Vec<_> = decisions.iter().map(|decision| setting.read(&setting.line(decision))).collect();
            assert_eq!(read, decisions.iter().copied().map(Ok).collect::<Vec<_>>(), "{} seed {seed}", scenario.id);
            simulations += 1;
            injected += usize::from(!decisions.is_empty());
            healed += usize::from(decisions.last().is_some_and(|last| last.action == Action::Heal));
        }
    }
    assert!(
        simulations > 1_000 && injected > simulations / 2 && healed > simulations / 4,
        "{simulations} simulations, {injected} with a fault, {healed} healed"
    );
}

/// Every decision of a saved seed applies, and the schedule gives the same events.
#[test]
fn every_decision_of_a_saved_seed_applies() {
    let corpus = Corpus::read();
    let mut injected = 0;
    for (scenario, reference) in corpus.pairs() {
        if scenario.fixture.units() > UNITS_MAX {
            continue;
        }
        let mut runner = Runner::new(scenario, reference, Standard, Memory::new(), Checkers::new(reference));
        for seed in 0..8 {
            let simulation = runner.simulate(seed);
            let digest = runner.digest();
            let (schedule, violated) = schedule_of(scenario, reference, (Standard, Memory::new()), seed);
            let (again, idle) = runner.simulate_saved(&schedule);
            assert_eq!((violated, &idle), (None, &Vec::new()), "{} seed {seed}", scenario.id);
            assert_eq!((simulation.hash, digest), (again.hash, runner.digest()), "{} seed {seed}", scenario.id);
            injected += usize::from(schedule.decisions.iter().any(|decision| decision.action.fault().is_some()));
        }
    }
    assert!(injected > 200, "{injected} simulations with a fault");
}

/// The minimum number of schedules in the corpus that demonstrate a planted bug.
const PROMOTED: usize = 3;

/// With its planted bug, a saved schedule violates the stated clause. Without the bug, it violates nothing.
#[test]
fn saved_schedules_still_demonstrate_their_bugs() {
    let corpus = Corpus::read();
    let mut shown = 0;
    for (scenario, reference) in corpus.pairs() {
        for saved in &scenario.schedules {
            let mut runner = Runner::new(scenario, reference, Standard, Memory::new(), Checkers::new(reference));
            let (simulation, idle) = runner.simulate_saved(&saved.schedule);
            assert_eq!((simulation.finding, idle), (None, Vec::new()), "{} {}", scenario.id, saved.name);
            let Some(id) = &saved.mutant else { continue };
            let mutant = Mutant::from_id(id).expect("the reader accepts only known mutants");
            let (rules, store) = (Planted(mutant.plant), FaultyStore::new(mutant.store));
            let mut runner = Runner::new(scenario, reference, rules, store, Checkers::new(reference));
            let violated = runner.simulate_saved(&saved.schedule).0.finding.map(|finding| finding.primary());
            assert_eq!(violated, saved.violates, "{} {}", scenario.id, saved.name);
            shown += 1;
        }
    }
    assert!(shown >= PROMOTED, "schedules that show a planted bug: {shown}");
}

#[test]
fn a_decision_that_does_not_apply_is_reported() {
    let corpus = Corpus::read();
    let pairs = corpus.pairs();
    let &(scenario, reference) =
        pairs.iter().find(|(of, _)| of.id == "restore/late-worker").expect("the scenario exists");
    let setting = scenario.setting(reference);
    let mut runner = Runner::new(scenario, reference, Standard, Memory::new(), Checkers::new(reference));
    for (line, idle) in [
        ("the job of set-1 of restore, settle: stall of the job of set-1 of restore", false),
        // The moment never occurs.
        ("the job of set-1 of restore, settle (7): stall of the job of set-1 of restore", true),
        // The job never has a ninth lease.
        ("the job of set-1 of restore, settle: stall of the job of set-1 of restore, lease 9", true),
        // Only a worker with a job can stall, so no stall can be injected into a request.
        ("the request for restore, accept: stall of the request for restore", true),
        // A job that was never delivered cannot be redelivered.
        ("before the job of set-1 of restore is delivered: redeliver the job of set-1 of restore", true),
        ("the job of set-1 of restore, settle: faults stop", false),
        ("the job of set-1 of restore, settle (2): faults stop", true),
    ] {
        let decisions = vec![setting.read(line).expect(line)];
        let (simulation, found) = runner.simulate_saved(&Schedule { workers: 2, decisions });
        assert_eq!((simulation.finding, found), (None, if idle { vec![0] } else { vec![] }), "{line}");
    }
}

#[test]
fn a_simulation_without_faults_has_an_empty_schedule() {
    let corpus = Corpus::read();
    let (scenario, reference) = corpus.pairs()[0];
    let mut runner = Runner::new(scenario, reference, Standard, Memory::new(), Checkers::new(reference));
    let fault_free = runner.simulate_schedule(0, 2, &mut Scripted::new(&[]));
    assert_eq!(fault_free.finding, None);
    assert!(fault_free.steps > 10);
}

/// Checks that a minimised failure can be written and read back. With the bug, it violates the same clause. Without the
/// bug, it violates nothing under its schedule or under any of 16 seeds. Returns the number of remaining decisions.
fn check_minimal(mutant: &'static Mutant, scenario: &Scenario, minimized: &Minimized) -> usize {
    let engine = || (Planted(mutant.plant), FaultyStore::new(mutant.store));
    let Minimized { minimal, clause, .. } = minimized;
    let text = truecount_scenario::write::scenario(&minimal.file);
    let read = truecount_scenario::parse("small.json", &minimal.scenario.id, text.as_bytes())
        .unwrap_or_else(|problems| panic!("{}: {problems:#?}\n{text}", mutant.id));
    // Only a scenario that is read from a file can show where its faults are stated.
    assert_eq!(read.warnings, [], "{}\n{text}", mutant.id);
    let read = Scenario { if_not_injected: Vec::new(), ..read };
    assert_eq!(read, minimal.scenario, "{}", mutant.id);
    assert_eq!(minimal.scenario.id, scenario.id, "{}", mutant.id);
    let [was, is] = minimal.sizes;
    assert!(is.runs <= was.runs && is.units <= was.units && is.objects <= was.objects && is.faults <= was.faults);
    let [saved] = &read.schedules[..] else { panic!("expected one schedule: {text}") };
    assert_eq!((saved.mutant.as_deref(), saved.violates), (Some(mutant.id), Some(*clause)));
    let reference = Reference::new(&read.fixture);
    let (rules, store) = engine();
    let mut violated = Runner::new(&read, &reference, rules, store, Checkers::new(&reference));
    let mut primary = |decisions: &[Decision]| {
        let schedule = Schedule { decisions: decisions.to_vec(), ..saved.schedule.clone() };
        violated.simulate_saved(&schedule).0.finding.map(|finding| finding.primary())
    };
    let kept = &saved.schedule.decisions;
    assert_eq!(primary(kept), Some(*clause), "{}: {text}", mutant.id);
    // None of the remaining decisions can be removed on its own.
    for place in 0..kept.len() {
        let mut rest = kept.clone();
        rest.remove(place);
        assert_ne!(primary(&rest), Some(*clause), "{}: decision {place} of {text}", mutant.id);
    }
    let mut sound = Runner::new(&read, &reference, Standard, Memory::new(), Checkers::new(&reference));
    assert_eq!(sound.simulate_saved(&saved.schedule).0.finding, None, "{}: {text}", mutant.id);
    let seeds = (0..16).find_map(|seed| sound.simulate(seed).finding);
    assert_eq!(seeds, None, "{}: {text}", mutant.id);
    kept.len()
}

/// The median over all mutants must be at most a handful of decisions. If a minimised seed needs more than that, the
/// minimiser searches for a smaller scenario. The schedule in that scenario must have fewer decisions.
#[test]
fn every_bug_is_minimised_to_a_few_decisions() {
    let corpus = Corpus::read();
    let pairs = corpus.pairs();
    let mutants: Vec<&'static Mutant> = CATALOGUE.iter().collect();
    let detected = search(&pairs, &mutants, 1_000, 2, &());
    let (mut lengths, mut elsewhere) = (Vec::new(), 0);
    for (mutant, detected) in mutants.iter().zip(detected) {
        let sighting = detected.under_its_clause.unwrap_or_else(|| panic!("{} survived", mutant.id));
        let found = pairs.iter().find(|(scenario, _)| scenario.id == sighting.scenario);
        let (scenario, reference) = found.expect("the scenario exists");
        let (scenario, reference) = scenario.drawn(reference, sighting.seed);
        let engine = || (Planted(mutant.plant), FaultyStore::new(mutant.store));
        let minimized = shrink::seed(scenario, reference, sighting.seed, Some(mutant.id), engine)
            .unwrap_or_else(|why| panic!("{}: seed {} of {}: {why:?}", mutant.id, sighting.seed, scenario.id));
        let length = check_minimal(mutant, scenario, &minimized);
        match minimized.elsewhere {
            Some((_, own)) => {
                assert!(own > HANDFUL && length < own, "{}: {length} of {own}", mutant.id);
                elsewhere += 1;
            }
            None => assert!(length <= minimized.recorded, "{}", mutant.id),
        }
        lengths.push(length);
    }
    lengths.sort_unstable();
    assert_eq!(lengths.len(), CATALOGUE.len());
    let (median, most) = (lengths[lengths.len() / 2], lengths[lengths.len() - 1]);
    assert!(median <= HANDFUL && most <= 3 * HANDFUL, "median {median}, most {most}");
    assert!(elsewhere > 0, "no bug needed another seed");
}

/// In some runs of this scenario, publishing fails because of a script. Without the script, the expectations of these
/// runs are wrong, although the failure does not need the script.
#[test]
fn a_minimised_scenario_holds_without_its_bug() {
    let corpus = Corpus::read();
    let pairs = corpus.pairs();
    let (scenario, reference) = pairs.iter().find(|(one, _)| one.id == "coverage/pack-planning").expect("a scenario");
    let mut minimized = 0;
    for mutant in CATALOGUE.iter().filter(|mutant| ["M01", "M13"].contains(&mutant.id)) {
        let engine = || (Planted(mutant.plant), FaultyStore::new(mutant.store));
        for seed in [0, 25] {
            let result = shrink::seed(scenario, reference, seed, Some(mutant.id), engine);
            let Ok(found) = result else {
                assert_eq!(result, Err(shrink::NotReproducible::Passes), "{}: seed {seed}", mutant.id);
                continue;
            };
            minimized += 1;
            let minimal = &found.minimal;
            let checkers = Checkers::new(&minimal.reference);
            let mut runner = Runner::new(&minimal.scenario, &minimal.reference, Standard, Memory::new(), checkers);
            let fails = (0..256).find(|seed| runner.simulate(*seed).finding.is_some());
            assert_eq!(fails, None, "{}: seed {seed}: {}", mutant.id, write::scenario(&minimal.file));
        }
    }
    assert!(minimized > 1, "{minimized}");
}
