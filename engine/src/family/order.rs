//! How plans are made from inputs, and how a row is read for a family with side effects outside the engine.

use super::Reading;
use crate::id::ObjectId;
use crate::object::{ObjectState, Row};
use crate::plan::{Input, Plan};
use crate::unit::Response;

/// Returns the requested objects without duplicates, sorted by name.
pub(super) fn sorted(input: &Input) -> Plan {
    Plan::sorted(&input.objects)
}

/// Returns the requested objects without duplicates, in the order requested.
pub(super) fn requested(input: &Input) -> Plan {
    Plan::in_request_order(&input.objects)
}

/// Returns the requested objects without duplicates, in the order requested, except those that the options exclude.
/// Excluded objects are not units.
pub(super) fn requested_without_excluded(input: &Input) -> Plan {
    let excluded = Plan::sorted(&input.excluded);
    let wanted = |object: &ObjectId| excluded.keys().binary_search(object).is_err();
    let wanted: Vec<ObjectId> = input.objects.iter().copied().filter(wanted).collect();
    Plan::in_request_order(&wanted)
}

/// Reads a row for a family whose side effects take place outside the engine. The engine does not call this function,
/// which only fills the field of a row in the table of families.
pub(super) fn nothing_to_read(row: Row) -> Reading {
    Reading::nothing(match row.state {
        ObjectState::Absent => Response::NotFound,
        ObjectState::Unsupported => Response::Unsupported,
        ObjectState::Active | ObjectState::Archived | ObjectState::Present => Response::Done,
    })
}
