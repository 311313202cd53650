//! Refusals: the reasons for which a commit, a transition table or a policy rejects a change.
//!
//! A refusal is a correct reply, not a bug.

/// The reason for a refusal. The rows have not changed.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum Refusal {
    /// A newer lease of the job was granted, or this lease was handed back.
    StaleLease,
    /// The row has changed since it was read.
    Conflict,
    /// The unit already has its resolution.
    AlreadyResolved,
    /// The plan is already sealed.
    AlreadySealed,
    /// An active run already has this identity.
    IdentityTaken,
    /// The run is already terminal.
    AlreadyCompleted,
    /// The status does not allow this step.
    OutOfOrder,
    /// The policy grants nothing to the actor in this tenant.
    NotGranted,
    /// The staged file does not contain what was written.
    Torn,
}
