//! Snapshots of what is said about claims.
