//! Delivers outbox entries, oldest first. The terminal notice is put into the initiator's inbox, if there is an
//! initiator and the policy still lets them see the run. In the inbox, a notice has its run as its key, so a notice
//! that is sent twice arrives once.

use super::{Next, Operation};
use crate::id::ActorId;
use crate::notice::{Notice, NoticeKind};
use crate::policy::Grant;
use crate::rules::Rules;
use crate::run::Run;
use crate::service;
use crate::storage::{Load, Reply, Request, Upkeep};
use crate::time::Millis;

/// One pass over the outbox.
#[derive(Clone, PartialEq, Eq, Hash, Debug, Default)]
pub struct Relay {
    notice: Option<Notice>,
    /// The terminal run, and the initiator.
    terminal: Option<(Box<Run>, ActorId)>,
    /// Whether the letter is in the inbox while its entry is still in the outbox. Always `false` under standard rules.
    sent: bool,
}

impl Relay {
    fn look(&mut self) -> Next<()> {
        *self = Self::default();
        Next::Ask(Request::Load(Load::Outbox))
    }

    fn mark_sent<R: Rules>(&mut self, rules: &R, notice: Notice, granted: Option<Grant>) -> Next<()> {
        let (mut letter, mut grant) = (None, None);
        if let (Some((run, actor)), Some(granted)) = (&self.terminal, granted) {
            if rules.notifies_holder(granted) {
                letter = Some(rules.letter(run, *actor));
            }
            grant = Some((*actor, run.identity.tenant, granted));
        }
        let mark_sent = letter.is_none() || rules.marks_sent_with_letter();
        self.sent = !mark_sent;
        let upkeep = Upkeep::Relay { notice, letter, mark_sent, keyed: rules.keys_letters(), grant };
        Next::Ask(Request::Commit(service::keep_up(notice.run, upkeep)))
    }
}

impl<R: Rules> Operation<R> for Relay {
    type Output = ();

    fn resume(&mut self, rules: &R, _: &mut R::Memory, reply: Reply, _: Millis) -> Next<()> {
        match (reply, self.notice) {
            (Reply::Outbox(None), _) => Next::End(()),
            (Reply::Outbox(Some(notice)), _) => {
                self.notice = Some(notice);
                match notice.kind {
                    NoticeKind::RunCompleted => Next::Ask(Request::Load(Load::Run(notice.run))),
                    // A `run-enqueued` event has no recipient of its own: every listening browser gets it.
                    NoticeKind::RunEnqueued => self.mark_sent(rules, notice, None),
                }
            }
            (Reply::Committed { .. }, Some(notice)) if self.sent => {
                self.terminal = None;
                self.mark_sent(rules, notice, None)
            }
            (Reply::Run(run), Some(notice)) => match run.actor {
                Some(actor) => {
                    let tenant = run.identity.tenant;
                    self.terminal = Some((Box::new(run), actor));
                    Next::Ask(Request::Load(Load::Grant { actor, tenant }))
                }
                None => self.mark_sent(rules, notice, None),
            },
            // The run no longer exists, so there is no recipient. The entry must not hold up the entries behind it.
            (Reply::NoRun, Some(notice)) => self.mark_sent(rules, notice, None),
            (Reply::Granted(grant), Some(notice)) => self.mark_sent(rules, notice, Some(grant)),
            _ => self.look(),
        }
    }
}
