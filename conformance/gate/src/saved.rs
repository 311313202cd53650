//! The schedules that scenarios carry: played before any seed, each as it was saved.
//!
//! A schedule of which a part has come to nothing no longer shows what it was saved for, and that is said.

use truecount_engine::rules::Rules;
use truecount_sim::subject::native::Store;

use crate::finding::Play;
use crate::runner::Runner;
use truecount_contract::brief::Brief;
use truecount_contract::judge::Checkers;
use truecount_scenario::Scenario;

/// A play of a schedule that a scenario carries.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct SavedPlay {
    /// The judgement, and how the play ended.
    pub play: Play,
    /// The deviations, by their places, that never came to their moment or meant nothing then.
    pub idle: Vec<usize>,
}

/// Plays the schedules of every scenario, and returns for each scenario its plays, in order.
pub fn play_saved<R: Rules, S: Store>(
    scenarios: &[(&Scenario, &Brief)],
    engine: impl Fn() -> (R, S),
) -> Vec<Vec<SavedPlay>> {
    let of = |&(scenario, brief): &(&Scenario, &Brief)| {
        if scenario.schedules.is_empty() {
            return Vec::new();
        }
        let (rules, store) = engine();
        let mut runner = Runner::new(scenario, brief, rules, store, Checkers::new(brief));
        let play = |saved: &truecount_scenario::Saved| {
            let (play, idle) = runner.play_saved(&saved.schedule);
            SavedPlay { play, idle }
        };
        scenario.schedules.iter().map(play).collect()
    };
    scenarios.iter().map(of).collect()
}
