//! Claim files that are read, and what is said of those that are not.

use super::*;
