//! The audit: the same seeds, played once more, must be the same plays.
//!
//! Knows no terminal.

use truecount_engine::rules::Rules;
use truecount_sim::stream::Stream;
use truecount_sim::subject::native::Store;

use super::{Finding, Rig, Settings};
use crate::brief::Brief;
use crate::invariant::Checkers;
use crate::scenario::Scenario;

/// Seeds that run twice.
const AUDITED: u64 = 8;

/// A play that was not the same twice: a defect of the harness.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Audit {
    /// The scenario.
    pub scenario: String,
    /// The seed.
    pub seed: u64,
    /// Verdict, hash and final state of the first time.
    pub first: (Option<Finding>, u64, u64),
    /// And of the second.
    pub second: (Option<Finding>, u64, u64),
}

/// Plays the first seeds of every scenario twice, the second time in shuffled order, and returns what was not the same.
pub fn audit<R: Rules, S: Store>(
    scenarios: &[(&Scenario, &Brief)],
    settings: Settings,
    engine: impl Fn() -> (R, S),
) -> Vec<Audit> {
    let seeds = |scenario: &Scenario| settings.seeds_of(scenario).min(AUDITED);
    let mut plays: Vec<(usize, u64)> = Vec::new();
    for (place, (scenario, _)) in scenarios.iter().enumerate() {
        plays.extend((0..seeds(scenario)).map(|offset| (place, settings.first.wrapping_add(offset))));
    }
    let mut rigs: Vec<_> = scenarios
        .iter()
        .map(|&(scenario, brief)| {
            let (rules, store) = engine();
            Rig::new(scenario, brief, rules, store, Checkers::new(brief))
        })
        .collect();
    let mut run = |&(place, seed): &(usize, u64)| {
        let play = rigs[place].play(seed);
        ((place, seed), (play.finding, play.hash, play.digest))
    };
    let first: Vec<_> = plays.iter().map(&mut run).collect();
    let mut stream = Stream::new("audit", "order", settings.first);
    for last in (1..plays.len()).rev() {
        plays.swap(last, stream.below(u32::try_from(last + 1).unwrap_or(1)) as usize);
    }
    let mut second: Vec<_> = plays.iter().map(&mut run).collect();
    second.sort_by_key(|(key, _)| *key);
    let mut first = first;
    first.sort_by_key(|(key, _)| *key);
    let pairs = first.into_iter().zip(second);
    pairs
        .filter(|(first, second)| first.1 != second.1)
        .map(|(((place, seed), first), (_, second))| Audit {
            scenario: scenarios[place].0.id.clone(),
            seed,
            first,
            second,
        })
        .collect()
}
