//! How the backup set families read engine rows.

use super::Reading;
use crate::object::{ObjectState, Row};
use crate::unit::Response;

/// Reads the row of a set to be restored.
pub(super) fn restore(row: Row) -> Reading {
    match row.state {
        ObjectState::Archived => Reading::change(ObjectState::Active),
        ObjectState::Active | ObjectState::Present => Reading::nothing(Response::NotArchived),
        ObjectState::Unsupported => Reading::nothing(Response::Unsupported),
        ObjectState::Absent => Reading::nothing(Response::NotFound),
    }
}

/// Reads the row of a set to be archived.
pub(super) fn delete(row: Row) -> Reading {
    match row.state {
        ObjectState::Active | ObjectState::Present => Reading::change(ObjectState::Archived),
        ObjectState::Archived => Reading::nothing(Response::Archived),
        ObjectState::Unsupported => Reading::nothing(Response::Unsupported),
        ObjectState::Absent => Reading::nothing(Response::NotFound),
    }
}

/// Reads the row of a set to be deleted for good.
pub(super) fn force_delete(row: Row) -> Reading {
    match row.state {
        ObjectState::Active | ObjectState::Archived | ObjectState::Present => Reading::change(ObjectState::Absent),
        ObjectState::Unsupported => Reading::nothing(Response::Unsupported),
        ObjectState::Absent => Reading::nothing(Response::NotFound),
    }
}

/// Reads the row of a policy to be added to a set.
pub(super) fn add_policies(row: Row) -> Reading {
    match row.state {
        ObjectState::Active => Reading::change(ObjectState::Present),
        ObjectState::Present => Reading::nothing(Response::AlreadyPresent),
        ObjectState::Archived => Reading::nothing(Response::Archived),
        ObjectState::Unsupported => Reading::nothing(Response::Unsupported),
        ObjectState::Absent => Reading::nothing(Response::NotFound),
    }
}
