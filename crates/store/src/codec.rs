//! Between domain values and stored text.
