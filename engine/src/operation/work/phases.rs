//! The job of a phased family: one named phase after another, without any counts.

use super::{At, Step, Work};
use crate::family::{Family, family};
use crate::id::UnitIx;
use crate::rules::{CompletionTrigger, Rules};
use crate::run::{Cause, Head, Run};
use crate::service;
use crate::storage::{Ask, Request};
use crate::unit::Response;

impl Work {
    pub(super) fn on_phased<R: Rules>(&mut self, rules: &R, run: &Run, family: &Family) -> Step {
        if self.is_poison(rules, family) {
            return self.fail(rules, Cause::PlannerLost, run.head.version);
        }
        match run.head.phase {
            None => self.enter_phase(rules, &run.head, 0),
            Some(phase) => {
                let ask = Ask {
                    run: self.run,
                    unit: UnitIx(u32::from(phase)),
                    attempt: run.head.attempts_used + 1,
                    salt: rules.effect_salt(self.lease, 0),
                };
                self.ask(At::Phase(run.head), Request::Ask(ask))
            }
        }
    }

    pub(super) fn enter_phase<R: Rules>(&mut self, rules: &R, head: &Head, phase: u8) -> Step {
        match service::enter_phase(rules, head, self.lease, phase) {
            Ok(writes) => self.commit(At::EnterPhase, writes),
            Err(_) => self.restart(),
        }
    }

    pub(super) fn on_phase_response<R: Rules>(&mut self, rules: &R, head: &Head, response: Response) -> Step {
        let family = family(head.family);
        let phase = head.phase.unwrap_or(0);
        if response != Response::Done {
            return self.plan_later(rules, head, family);
        }
        if usize::from(phase) + 1 < family.phases.len() {
            return self.enter_phase(rules, head, phase + 1);
        }
        self.look_for_completion(rules, CompletionTrigger::Count)
    }
}
