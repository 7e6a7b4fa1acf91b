//! Tests of the algebra layer.
