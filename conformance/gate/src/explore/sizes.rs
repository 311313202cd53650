//! The sizes of small scenarios, as stated in their files and as found by an exploration.

use truecount_engine::rules::Standard;
use truecount_engine::storage::Memory;
use truecount_sim::explore::Bounds;
use truecount_sim::subject::Acts;

use super::{Conclusion, Exploration, Scope, explore};
use truecount_contract::reference::Reference;
use truecount_scenario::Scenario;
use truecount_scenario::format::{Explored, Size};

/// The size of a larger scope is recorded only if the scope has at most this many states. A test explores every
/// recorded scope again.
const STATES_MAX: u32 = 20_000;

/// The scope of each key under `explored`.
const SCOPES: [(&str, Acts); 5] = [
    ("work", Acts::None),
    ("upkeep", Acts::Single),
    ("second_relay", Acts::SecondRelay),
    ("second_sweeper", Acts::SecondSweeper),
    ("second_retention_job", Acts::SecondRetentionJob),
];

/// Returns the size that the scenario's file states for the scope with these acts, if any.
pub fn carried(scenario: &Scenario, acts: Acts) -> Option<Size> {
    let key = SCOPES.iter().find(|(_, of)| *of == acts).map(|(key, _)| *key);
    let explored = scenario.file.as_ref()?.explored?;
    explored.sizes().find(|(of, _)| key == Some(*of)).map(|(_, size)| size)
}

/// Returns the sizes that the file of a small scenario should state.
///
/// # Errors
///
/// Returns the exploration if the smallest scope is not exhausted, or if a clause is violated in a larger scope.
pub fn sizes(scenario: &Scenario, reference: &Reference) -> Result<Explored, Box<Exploration>> {
    let work = explored(scenario, reference, Acts::None, Scope::GATE.bounds);
    let mut sizes = Explored {
        work: size(&work),
        upkeep: None,
        second_relay: None,
        second_sweeper: None,
        second_retention_job: None,
    };
    if work.conclusion() != Conclusion::Exhausted {
        return Err(Box::new(work));
    }
    let larger = |acts| {
        let found = explored(scenario, reference, acts, Bounds { states: STATES_MAX, ..Scope::GATE.bounds });
        match found.conclusion() {
            Conclusion::Violated => Err(Box::new(found)),
            Conclusion::Exhausted if found.states <= u64::from(STATES_MAX) => Ok(Some(size(&found))),
            Conclusion::Exhausted | Conclusion::Unknown => Ok(None),
        }
    };
    sizes.upkeep = larger(Acts::Single)?;
    // The other scopes include all states of this scope.
    if sizes.upkeep.is_some() {
        sizes.second_relay = larger(Acts::SecondRelay)?;
        sizes.second_sweeper = larger(Acts::SecondSweeper)?;
        sizes.second_retention_job = larger(Acts::SecondRetentionJob)?;
    }
    Ok(sizes)
}

/// Explores each scope for which the scenario's file states a size. Returns the scopes with a different size, each with
/// its exploration.
pub fn wrong_sizes(scenario: &Scenario, reference: &Reference) -> Vec<(&'static str, Exploration)> {
    let again = |(key, acts): (&'static str, Acts)| {
        let carried = carried(scenario, acts)?;
        let found = explored(scenario, reference, acts, Scope::GATE.bounds);
        let is_right = found.conclusion() == Conclusion::Exhausted && size(&found) == carried;
        (!is_right).then_some((key, found))
    };
    SCOPES.into_iter().filter_map(again).collect()
}

fn explored(scenario: &Scenario, reference: &Reference, acts: Acts, bounds: Bounds) -> Exploration {
    let scope = Scope { acts, ..Scope::within(bounds) };
    explore(scenario, reference, || (Standard, Memory::new()), scope, &mut ())
}

const fn size(found: &Exploration) -> Size {
    Size { states: found.states, edges: found.edges }
}
