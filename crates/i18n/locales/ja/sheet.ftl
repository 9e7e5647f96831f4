# Reading Excel and CSV files: what is wrong, and what to do about it.

sheet-file-empty = ファイルに何も入っていません。正しいファイルか確かめて、選び直してください。
sheet-file-protected = パスワードで保護されています。Excel で開き、パスワードを外して保存し直してください。
sheet-file-xls = 古い Excel 形式（.xls）です。Excel で開き、「名前を付けて保存」で「Excel ブック（.xlsx）」を選んでください。
sheet-file-xlsb = Excel バイナリ形式（.xlsb）です。Excel で開き、「名前を付けて保存」で「Excel ブック（.xlsx）」を選んでください。
sheet-file-ods = OpenDocument 形式（.ods）です。表計算ソフトで開き、「Excel ブック（.xlsx）」で保存し直してください。
sheet-file-not-a-table = Excel ファイルでも CSV ファイルでもありません。Excel で開けるファイルなら、「Excel ブック（.xlsx）」で保存し直してください。
sheet-file-truncated = ファイルが途中で切れているか、壊れています。元のファイルを Excel で開けるか確かめ、コピーし直してください。
sheet-file-missing-part = Excel ファイルに必要な部分（{ $part }）がありません。Excel で開き、「Excel ブック（.xlsx）」で保存し直してください。
sheet-file-damaged = 「{ $part }」が壊れていて読めません（{ $detail }）。Excel で開き、「Excel ブック（.xlsx）」で保存し直してください。
sheet-file-encoding = { $line }行目の{ $column }文字目に、読めない文字があります。Excel で開き、「CSV UTF-8」で保存し直してください。
sheet-file-quote = { $line }行目の引用符（"）が対になっていません。その行の引用符を直すか、Excel で開いて CSV で保存し直してください。

sheet-limit-file = ファイルが大きすぎます（上限 { $megabytes } MB）。シートや期間で分けて、小さいファイルにしてください。
sheet-limit-inflated = ファイルを展開すると大きすぎます（{ $place }、上限 { $megabytes } MB）。画像や不要なシートを削除して保存し直してください。心当たりがないファイルは開かないでください。
sheet-limit-text = 文字の量が多すぎます（{ $place }、上限 { $megabytes } MB）。シートを分けて、小さいファイルにしてください。
sheet-limit-sheets = シートが多すぎます（上限 { $limit }）。必要なシートだけを別のファイルに保存してください。
sheet-limit-strings = 文字列の種類が多すぎます（上限 { $limit }）。シートを分けて、小さいファイルにしてください。
sheet-limit-cells = 値のあるセルが多すぎます（{ $place }、上限 { $limit }）。必要なシートと列だけを残してください。
sheet-limit-columns = 値のある列が多すぎます（{ $place }、上限 { $limit }）。必要な列だけを残してください。
sheet-limit-rows = 値のある行が多すぎます（{ $place }、上限 { $limit }）。ファイルを分けてください。
sheet-limit-styles = セルの書式が多すぎます（上限 { $limit }）。値だけを新しいブックに貼り付けて保存してください。
sheet-limit-merges = 結合されたセルが多すぎます（{ $place }、上限 { $limit }）。値だけを新しいブックに貼り付けて保存してください。

sheet-macros-ignored = マクロが入っています。マクロは使わず、セルの値だけを読みました。
sheet-hidden-sheet = 非表示のシートです。表示されているシートと同じように読みました。不要なら取り込みから外してください。
sheet-hidden-rows = 非表示の行が { $count } 行あります。表示されている行と同じように読みました。不要なら Excel で削除してください。
sheet-hidden-columns = 非表示の列が { $count } 列あります。表示されている列と同じように読みました。不要なら Excel で削除してください。
sheet-cell-error = 数式がエラー（{ $value }）になっています。この値は使いません。Excel で数式を直すか、値を入力してください。
sheet-cell-uncalculated = 数式の計算結果が保存されていません。この値は使いません。Excel で開き、上書き保存してから、もう一度選んでください。
sheet-more-cells = 同じような問題のあるセルが、ほかに { $count } 個あります。

sheet-nul-removed = 文字ではないデータ（NUL）を { $count } 個取り除きました。前後の値が正しいか確かめてください。
sheet-ragged-row = この行は { $found } 列です。ほかの行は { $usual } 列です。値が隣の列にずれていないか確かめてください。
sheet-more-ragged = 列の数が合わない行が、ほかに { $count } 行あります。

sheet-left-out-empty = 何も入っていないシートなので、取り込みません。
sheet-left-out-no-table = 表が見つからないので、このシートは取り込みません。表がある場合は、見出しの行と列の意味を選んでください。
sheet-left-out-no-header = 何の表か分からないので、このシートは取り込みません。取り込む場合は、表の種類、見出しの行、列の意味を選んでください。
sheet-left-out-form = セキュリティ開示書（MDS2、MDS、SDS）なので、台帳の表としては取り込みません。台帳を取り込む場合は、別のシートかファイルを選んでください。
sheet-mapping-column = 「{ $column }」という列はありません。A、B、AA のような列の記号で選び直してください。

sheet-row-title = 「{ $text }」は区切りの見出しと判断し、取り込みません。機器の行なら、製品名などほかの列も入力してください。
sheet-row-total = 「{ $text }」は集計の行と判断し、取り込みません。
sheet-cell-ditto = 「〃」「同上」の上に、繰り返す値がありません。値を入力してください。

sheet-cell-not-a-date = 「{ $value }」は日付として読めません。この値は使いません。2026/11/24 や 令和8年11月24日 のように入力してください。
sheet-cell-no-such-day = 「{ $value }」という日はありません（元号の期間にも注意してください）。この値は使いません。正しい日付を入力してください。
sheet-cell-address = 「{ $value }」は IP アドレスとして読めません。このセルの値は使いません。10.20.1.5 のように入力してください。複数ある場合は「、」で区切ってください。
sheet-cell-mac = 「{ $value }」は MAC アドレスとして読めません。このセルの値は使いません。00:1a:2b:3c:4d:5e のように入力してください。
sheet-cell-range = 「{ $value }」はアドレス範囲として読めません。このセルの値は使いません。10.20.1.0/24 のように入力してください。
sheet-cell-kind = 「{ $value }」という種別は分かりません。種別は空のまま取り込みます。サーバ、端末、ネットワーク機器、医療機器、設備、クラウド、持込機器、その他 のどれかを入力してください。
sheet-cell-zone-kind = 「{ $value }」という区画の種別は分かりません。種別は空のまま取り込みます。院外、境界、サーバ室、部門、病棟・外来 のどれかを入力してください。
sheet-cell-purchase = 「{ $value }」という購入形態は分かりません。購入形態は空のまま取り込みます。買い切り、リース、レンタル、サービス のどれかを入力してください。
sheet-cell-truth = 「{ $value }」が「はい」か「いいえ」か分かりません。空のまま取り込みます。有 か 無 を入力してください。
sheet-cell-quantity = 「{ $value }」は台数として読めません。この値は使いません。1 から 10000 までの数を入力してください。
sheet-cell-version-number = 版「{ $value }」が数値で入っています。7.10 と 7.1 の区別が失われている可能性があります。正しい版か確かめ、文字列で入力し直してください。
sheet-cell-state = 「{ $value }」という状態は分かりません。状態は空のまま取り込みます。導入予定、稼働中、予備、修理中、廃棄 のどれかを入力してください。
sheet-cell-criticality = 「{ $value }」という重要度は分かりません。重要度は空のまま取り込みます。高、中、低 のどれかを入力してください。
sheet-cell-kb = 「{ $value }」は更新プログラムの番号として読めません。この番号だけ使いません。KB5031364 のように入力してください。
sheet-cell-circuit-number = 回線番号「{ $value }」が数値で入っています。先頭の 0 が失われている可能性があります。請求書などで確かめ、文字列で入力し直してください。
sheet-cell-date-order = 「{ $value }」は年・月・日の順ではないようです。{ $date } として取り込みます。正しい日付か確かめてください。
sheet-cell-date-either = 「{ $value }」は { $one } と { $other } のどちらにも読めます。この値は使いません。2026/11/24 のように、年・月・日の順に入力してください。
sheet-cell-date-serial = 「{ $value }」は Excel の日付の通し番号と判断し、{ $date } として取り込みます。正しい日付か確かめてください。
sheet-cell-date-short-year = 「{ $value }」は年が2桁なので、西暦か和暦か分かりません。この値は使いません。2024/4/1 や 令和6年4月1日 のように入力してください。
sheet-cell-mac-in-address = IPアドレスの列に MACアドレス「{ $value }」があります。MACアドレスとして取り込みます。列がずれていないか確かめてください。
sheet-cell-address-in-mac = MACアドレスの列に IPアドレス「{ $value }」があります。IPアドレスとして取り込みます。列がずれていないか確かめてください。
sheet-column-addresses = 「{ $header }」という列ですが、中身は IPアドレスです。IPアドレスとして取り込みます。違う場合は、列の意味を選び直してください。
sheet-column-macs = 「{ $header }」という列ですが、中身は MACアドレスです。MACアドレスとして取り込みます。違う場合は、列の意味を選び直してください。

sheet-form-unanswered = 質問 { $number } に回答がありません。「不明」として扱います。作成した事業者に回答を求めてください。
sheet-form-odd-answer = 質問 { $number } の回答「{ $value }」は、はい・いいえ・対象外 のどれか分かりません。「不明」として扱います。作成した事業者に確かめてください。
sheet-form-two-answers = 質問 { $number } に2つ以上の回答が付いています。「不明」として扱います。作成した事業者に確かめてください。
sheet-form-twice = 質問 { $number } が2か所にあり、回答が違います。「不明」として扱います。作成した事業者に確かめてください。
sheet-form-note-missing = 質問 { $number } の回答は「備考参照」ですが、備考がありません。作成した事業者に内容を確かめてください。
sheet-form-note-unknown = 注記 { $note } が見つかりません。作成した事業者に内容を確かめてください。
sheet-form-no-product = どの製品の開示書か分かりません（製造業者か製品名がありません）。作成した事業者に、記入した開示書を求めてください。

sheet-doubt-address-misplaced = 「{ $value }」は「IPアドレス」の列に入る値のようです。そのまま取り込みますが、列がずれていないか確かめてください。
sheet-doubt-mac-misplaced = 「{ $value }」は「MACアドレス」の列に入る値のようです。そのまま取り込みますが、列がずれていないか確かめてください。
sheet-doubt-future = { $date } は未来の日付です。そのまま取り込みますが、年や元号が正しいか確かめてください。
sheet-doubt-showa = { $date } は昭和の日付です。そのまま取り込みますが、元号（令和・平成・昭和）が正しいか確かめてください。
sheet-doubt-ends-first = 終了日 { $to } が、開始日 { $from } より前です。そのまま取り込みますが、どちらが正しいか確かめてください。
sheet-doubt-shared-mac = MACアドレス「{ $value }」が { $count } 行にあります（{ $cells }）。MACアドレスは機器ごとに違うはずです。銘板などで確かめてください。

sheet-paste-too-much = 一度に貼り付けられるのは { $cells } セル、{ $megabytes } MB までです。分けて貼り付けてください。
