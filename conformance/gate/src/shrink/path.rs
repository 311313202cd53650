//! Shrinks the path to a violation that an exploration found.

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

/// Turns the path to a violation into a schedule and shrinks the schedule. A schedule decides nothing after faults have
/// stopped, but the violation may depend on the order of later steps. In that case, the path is followed again without
/// its heal steps, so that the later steps become decisions too. This is possible because every step that applies after
/// a heal also applies before it. Returns `None` if neither schedule violates the same clause.
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

/// A scheduler that follows a path and continues from its end without faults.
struct Path {
    steps: VecDeque<Step>,
    fair: Fair,
}

impl Scheduler for Path {
    fn pick<S: Subject>(&mut self, subject: &S, open: &Open<'_>) -> Option<Choice> {
        // In a quiescent state no choice is open, so no step of the path is taken.
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
