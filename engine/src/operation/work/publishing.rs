//! The end of a run that has an artifact. The artifact is published, the terminal row is written, and the staging area
//! is cleared.

use super::{At, Step, Work};
use crate::family::{Family, family};
use crate::operation::{Complete, Next, Publication, Publish};
use crate::rules::{CompletionTrigger, Rules};
use crate::run::{Cause, Head, Run};
use crate::storage::{ArtifactRequest, Reply, Request, Retry};

impl Work {
    /// Publishes the artifact. A delivery beyond the delivery limit may do so only if it has abandoned units itself. If
    /// it has not, the earlier deliveries failed while publishing.
    pub(super) fn publish<R: Rules>(&mut self, rules: &R, family: &Family, trigger: CompletionTrigger) -> Step {
        let may = self.abandoned || !self.is_poison(rules, family);
        self.at = At::Publishing(Publish::new(self.run, self.lease, trigger, may));
        self.publishing(rules, Reply::Begin)
    }

    pub(super) fn publishing<R: Rules>(&mut self, rules: &R, reply: Reply) -> Step {
        let At::Publishing(helper) = &mut self.at else { return self.restart() };
        match helper.resume(rules, reply) {
            Next::Ask(request) => Next::Ask(request),
            Next::End(Publication::Done(artifact)) => {
                self.complete(rules, Complete::publishing(self.run, self.lease, artifact))
            }
            Next::End(Publication::Later(head)) => self.publish_later(rules, &head),
            Next::End(Publication::NotYet) => self.ack(rules),
            Next::End(Publication::Terminal) => self.restart(),
        }
    }

    fn publish_later<R: Rules>(&mut self, rules: &R, head: &Head) -> Step {
        let family = family(head.family);
        // After a poison delivery, no later delivery may try to publish.
        let poison = self.is_poison(rules, family);
        let (policy, attempt) = (family.retry, head.attempts_used + 1);
        if poison || rules.gives_up_run(attempt, policy.attempt_limit) {
            return self.fail(rules, Cause::PublishingFailed, head.version);
        }
        let wait = rules.waits(&policy, attempt);
        self.hand_back(rules, head, Retry { unit: None, attempts_used: head.attempts_used, wait })
    }

    /// Clears the staging area of a terminal run, keeping only the artifact named in its row.
    pub(super) fn clear<R: Rules>(&mut self, rules: &R, run: &Run) -> Step {
        if self.cleared {
            return self.ack(rules);
        }
        self.cleared = true;
        let keep = if rules.keeps_named() { run.artifact } else { None };
        let discard = ArtifactRequest::Discard { run: self.run, keep };
        self.ask(At::Clearing, Request::Artifact(discard))
    }
}
