//! Shrinks the path that an exploration found to a violation.

use std::collections::VecDeque;

use truecount_engine::rules::Rules;
use truecount_sim::choice::{Choice, Open};
use truecount_sim::log::DecisionLog;
use truecount_sim::scheduler::{Fair, Scheduler};
use truecount_sim::subject::Subject;
use truecount_sim::subject::native::Store;

use crate::explore::{Step, Violation};
use crate::runner::Runner;
use crate::shrink::schedule::{MinimizedSchedule, minimize};
use truecount_contract::judge::Checkers;
use truecount_contract::reference::Reference;
use truecount_scenario::Scenario;

/// Writes the path to a violation as a schedule and shrinks that. Returns none if the schedule does not violate the
/// same clause: after faults have stopped, a schedule decides nothing. If the last part of the path depends on the
/// order of steps there, the path is taken again with the heal steps removed, for what is possible after a heal is
/// possible before.
pub fn path<R: Rules, S: Store>(
    scenario: &Scenario,
    reference: &Reference,
    (rules, store): (R, S),
    violation: &Violation,
) -> Option<MinimizedSchedule> {
    let mut runner = Runner::new(scenario, reference, rules, store, Checkers::new(reference));
    let clause = violation.finding.primary();
    let mut taken = |steps: VecDeque<Step>| {
        let mut path = Path { steps, fair: Fair::default() };
        let mut log = DecisionLog::default();
        runner.perform(0, violation.workers, &mut path, u64::MAX, &mut log);
        log.schedule.workers = violation.workers;
        let recorded = log.schedule.decisions.len();
        let (schedule, simulations) = minimize(&mut runner, clause, &log.schedule)?;
        Some(MinimizedSchedule { clause, schedule, recorded, simulations: simulations + 1 })
    };
    let steps = || violation.steps.iter().copied();
    taken(steps().collect()).or_else(|| taken(steps().filter(|step| *step != Step::Heal).collect()))
}

/// Follows a path, and continues from its end without faults.
struct Path {
    steps: VecDeque<Step>,
    fair: Fair,
}

impl Scheduler for Path {
    fn pick<S: Subject>(&mut self, subject: &S, open: &Open<'_>) -> Option<Choice> {
        // A step of the path must not exceed what is open: in a quiescent state there is no choice.
        open.default_choice()?;
        match self.steps.pop_front() {
            Some(Step::Choice(choice)) => Some(choice),
            Some(Step::Heal) | None => self.fair.pick(subject, open),
        }
    }

    fn stops_faults<S: Subject>(&mut self, _: &S, _: &Open<'_>) -> bool {
        let heals = self.steps.front() == Some(&Step::Heal);
        if heals {
            self.steps.pop_front();
        }
        heals || self.steps.is_empty()
    }

    fn stop_faults(&mut self) {}
}
