//! The run's own job: it makes and seals the plan, or continues with a plan that is already sealed.

use super::{At, Step, Work};
use crate::family::family;
use crate::mode::Mode;
use crate::plan::Input;
use crate::rules::{CompletionTrigger, Rules};
use crate::run::{Cause, Run};
use crate::service::{self, Planning};
use crate::storage::{Load, Request};
use crate::unit::Response;

impl Work {
    pub(super) fn on_run<R: Rules>(&mut self, rules: &R, run: Run) -> Step {
        let family = family(run.head.family);
        self.publisher = family.pack.map(|_| family.id);
        if !run.active() && rules.leaves_terminal(&run.head) {
            return if self.publisher.is_some() { self.clear(rules, &run) } else { self.ack(rules) };
        }
        if run.head.family.mode() == Mode::Phased {
            return self.on_phased(rules, &run, family);
        }
        if run.head.sealed && (self.planned || !rules.plans_again(&run)) {
            if family.fan_out {
                return self.look_for_completion(rules, CompletionTrigger::Redelivery);
            }
            return self.load_next(rules);
        }
        if self.is_poison(rules, family) && !run.head.sealed {
            return self.fail(rules, Cause::PlannerLost, run.head.version);
        }
        let load = Load::Input { run: self.run, lease: self.lease };
        self.ask(At::Input(Box::new(run)), Request::Load(load))
    }

    pub(super) fn on_input<R: Rules>(
        &mut self,
        rules: &R,
        run: &Run,
        input: &Input,
        response: Option<Response>,
    ) -> Step {
        let family = family(run.head.family);
        if response.is_some_and(|response| response != Response::Done) {
            return self.plan_later(rules, &run.head, family);
        }
        let plan = rules.plan(family, input);
        let planning = match (run.head.sealed, self.planned) {
            (false, false) => Planning::First,
            (false, true) => Planning::Rest,
            (true, _) => Planning::Again,
        };
        match service::seal(rules, run, self.lease, family, &plan, planning) {
            Ok(seal) => self.ask(At::Seal { fan_out: family.fan_out }, Request::Seal(Box::new(seal))),
            Err(_) => self.restart(),
        }
    }

    pub(super) fn on_sealed<R: Rules>(&mut self, rules: &R, fan_out: bool, maybe_last: bool) -> Step {
        self.planned = true;
        if !rules.seals_with_jobs() {
            return self.restart();
        }
        // No other job would complete a run without units.
        match (maybe_last, fan_out) {
            (true, _) => self.look_for_completion(rules, CompletionTrigger::Count),
            (false, true) => self.ack(rules),
            (false, false) => self.load_next(rules),
        }
    }
}
