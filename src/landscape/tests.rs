//! What is found, and what must not be.
