# Vulnerability catalogue: why a product is suggested.

suggest-why-known-name = The table of common names lists it
suggest-why-same-name = Maker and product name are the same
suggest-why-name-only = The product name is the same; the maker could not be confirmed
suggest-why-similar = The names are similar
