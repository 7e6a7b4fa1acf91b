//! Critical points that are known, counted and refused.
