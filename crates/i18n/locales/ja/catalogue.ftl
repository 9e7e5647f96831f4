# Texts of crates/catalogue: why a product is suggested for a name.
suggest-why-known-name = 日本でよく使われる呼び名から
suggest-why-same-name = メーカーと製品の名前が同じ
suggest-why-name-only = 製品の名前が同じ(メーカーは不明)
suggest-why-similar = 名前が似ている
