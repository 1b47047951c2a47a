//! Behaviour of Facteur through its public doors.
