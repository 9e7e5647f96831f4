# Papers (PDF) and pictures (PNG): why one could not be made, and what to do.

report-no-fonts = PDF と画像に使う書体が、このプログラムに入っていません。プログラムを作った担当者に「cargo xtask assets を実行してから作り直す」ように伝えてください。
report-picture = 図を読み取れないため、PDF や画像を作れません（{ $detail }）。もう一度試し、直らなければこの文をそのまま管理者に伝えてください。
report-too-many-pixels = 画像が大きすぎます（{ $width } × { $height } 画素、上限 { $limit } 百万画素）。幅を小さくするか、PDF か SVG で保存してください。
report-too-long = 1つの文書に入れるには多すぎます（{ $rows }行、文字 { $bytes } バイト。上限は { $max_rows }行、{ $max_bytes } バイト）。区画や部署で絞り込み、分けて作ってください。
report-setting = 文書を作れませんでした（{ $detail }）。プログラムの誤りです。この文をそのまま管理者に伝えてください。
