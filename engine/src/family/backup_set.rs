//! How the families of backup sets read their rows.

use super::Reading;
use crate::object::{ObjectState, Row};
use crate::unit::Response;

/// Restores an archived set.
pub(super) fn restore(row: Row) -> Reading {
    match row.state {
        ObjectState::Archived => Reading::change(ObjectState::Active),
        ObjectState::Active | ObjectState::Present => Reading::nothing(Response::NotArchived),
        ObjectState::Unsupported => Reading::nothing(Response::Unsupported),
        ObjectState::Absent => Reading::nothing(Response::NotFound),
    }
}

/// Archives a set.
pub(super) fn delete(row: Row) -> Reading {
    match row.state {
        ObjectState::Active | ObjectState::Present => Reading::change(ObjectState::Archived),
        ObjectState::Archived => Reading::nothing(Response::Archived),
        ObjectState::Unsupported => Reading::nothing(Response::Unsupported),
        ObjectState::Absent => Reading::nothing(Response::NotFound),
    }
}

/// Removes a set for good.
pub(super) fn force_delete(row: Row) -> Reading {
    match row.state {
        ObjectState::Active | ObjectState::Archived | ObjectState::Present => Reading::change(ObjectState::Absent),
        ObjectState::Unsupported => Reading::nothing(Response::Unsupported),
        ObjectState::Absent => Reading::nothing(Response::NotFound),
    }
}

/// Adds a policy to a set.
pub(super) fn add_policies(row: Row) -> Reading {
    match row.state {
        ObjectState::Active => Reading::change(ObjectState::Present),
        ObjectState::Present => Reading::nothing(Response::AlreadyPresent),
        ObjectState::Archived => Reading::nothing(Response::Archived),
        ObjectState::Unsupported => Reading::nothing(Response::Unsupported),
        ObjectState::Absent => Reading::nothing(Response::NotFound),
    }
}
