//! Refusals: why a commit, a table of transitions or a policy did not accept a change.
//!
//! Independent of what is refused. A refusal is a correct reply, not a defect.

/// A correct no. The rows stay as they were.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum Refusal {
    /// A later lease of the job was granted, or this one was handed back.
    StaleLease,
    /// The row has changed since it was read.
    Conflict,
    /// The unit has its resolution.
    AlreadyResolved,
    /// The plan is sealed.
    AlreadySealed,
    /// An active run has this identity.
    IdentityTaken,
    /// The run is terminal.
    AlreadyCompleted,
    /// Not a step that the status allows.
    OutOfOrder,
    /// The policy grants the actor nothing here.
    NotGranted,
    /// A staged file is not what was written.
    Torn,
}
