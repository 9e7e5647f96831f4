# Texts of crates/catalogue: why a product is suggested for a name.
suggest-why-known-name = a name commonly used in Japan
suggest-why-same-name = same maker and product name
suggest-why-name-only = same product name (maker unknown)
suggest-why-similar = similar name
