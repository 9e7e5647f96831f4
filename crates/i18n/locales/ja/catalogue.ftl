# 脆弱性カタログ: 製品名の候補を出した理由。

suggest-why-known-name = よく使われる呼び方の表にあります
suggest-why-same-name = メーカーと製品名が同じです
suggest-why-name-only = 製品名は同じです。メーカーは確かめられません
suggest-why-similar = 名前が似ています
