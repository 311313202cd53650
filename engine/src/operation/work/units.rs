//! Units: each is loaded, attempted and settled. The units that a poison job still carries are abandoned.

use super::{At, Step, Work};
use crate::family::{Effect, Family, family};
use crate::id::UnitIx;
use crate::rules::{CompletionTrigger, Rules, Visit};
use crate::run::Status;
use crate::service;
use crate::storage::{Ask, Loaded, Request, Retry, RowEffect};
use crate::time::Millis;
use crate::unit::{Failure, Meaning, Resolution, Response};

impl Work {
    pub(super) fn on_unit<R: Rules>(&mut self, rules: &R, memory: &mut R::Memory, loaded: Loaded, now: Millis) -> Step {
        if loaded.head.status == Status::Completed && rules.leaves_terminal(&loaded.head) {
            return self.ack(rules);
        }
        let family = family(loaded.head.family);
        let visit = Visit { loaded: &loaded, lease: self.lease, delivery: self.delivery };
        if rules.leaves_alone(&visit, memory) {
            return match self.unit {
                Some(_) => self.look_for_completion(rules, CompletionTrigger::Redelivery),
                None => self.next_unit(rules, loaded.ix),
            };
        }
        if self.is_poison(rules, family) {
            return self.abandon(rules, &loaded, family);
        }
        match family.effect {
            Effect::Rows => {
                let reading = family.read(loaded.row);
                let response = loaded.response.unwrap_or(reading.response);
                self.on_response(rules, memory, &loaded, family, response)
            }
            // The fencing token, not the worker's clock, decides whether the lease is valid. If the lease has ended by
            // that clock, the worker checks with storage before it requests a side effect outside the engine.
            Effect::Outside if now >= self.until => {
                self.ask(At::Check(loaded), Request::Commit(service::touch(rules, self.run, self.lease)))
            }
            Effect::Outside => self.ask_provider(rules, loaded),
        }
    }

    pub(super) fn ask_provider<R: Rules>(&mut self, rules: &R, loaded: Loaded) -> Step {
        let ask = Ask {
            run: self.run,
            unit: loaded.ix,
            attempt: loaded.unit.attempts_used + 1,
            salt: rules.effect_salt(self.lease, loaded.row.version),
        };
        self.ask(At::Asked(loaded), Request::Ask(ask))
    }

    pub(super) fn on_response<R: Rules>(
        &mut self,
        rules: &R,
        memory: &mut R::Memory,
        loaded: &Loaded,
        family: &Family,
        response: Response,
    ) -> Step {
        let policy = family.retry;
        let attempt = loaded.unit.attempts_used + 1;
        let (resolution, definite) = match rules.resolve(response) {
            Meaning::Resolved(resolution) => (resolution, true),
            Meaning::Retry if rules.gives_up(attempt, policy.attempt_limit) => {
                (Resolution::Failed(Failure::RetriesExhausted), false)
            }
            Meaning::Retry => {
                let wait = rules.waits(&policy, attempt);
                let attempts_used = loaded.unit.attempts_used;
                return self.hand_back(rules, &loaded.head, Retry { unit: Some(loaded.ix), attempts_used, wait });
            }
        };
        if !rules.settles(resolution) {
            return match self.unit {
                Some(_) => self.ack(rules),
                None => self.next_unit(rules, loaded.ix),
            };
        }
        // The side effect is in the same commit as the count. Even if the row needs no change, the commit checks that
        // the row has not changed since it was read.
        let effect = if definite && family.effect == Effect::Rows {
            let reading = family.read(loaded.row);
            Some(RowEffect {
                object: loaded.unit.object,
                version: loaded.row.version,
                becomes: if resolution == Resolution::Succeeded { reading.becomes } else { None },
                stores: rules.stores(reading.stores, resolution),
            })
        } else {
            None
        };
        let writes = service::settle(rules, loaded, self.lease, family, resolution, effect);
        rules.remember(&Visit { loaded, lease: self.lease, delivery: self.delivery }, memory);
        self.commit(At::Settle(loaded.ix), writes)
    }

    pub(super) fn abandon<R: Rules>(&mut self, rules: &R, loaded: &Loaded, family: &Family) -> Step {
        let left = loaded.head.units.saturating_sub(loaded.ix.0);
        let units = if self.unit.is_some() { 1 } else { left.clamp(1, self.batch) };
        let writes = service::abandon(rules, &loaded.head, self.lease, family, loaded.ix, units);
        self.commit(At::Abandon { units }, writes)
    }

    /// Continues after a commit that resolved one unit or a batch. Resolved units are not found again, so it does not
    /// matter where the batch ended.
    pub(super) fn on_settled<R: Rules>(&mut self, rules: &R, unit: Option<UnitIx>, maybe_last: bool) -> Step {
        match (maybe_last, self.unit, unit) {
            (true, ..) => self.look_for_completion(rules, CompletionTrigger::Count),
            (false, Some(_), _) => self.ack(rules),
            (false, None, Some(unit)) => self.next_unit(rules, unit),
            (false, None, None) => self.load_next(rules),
        }
    }
}
