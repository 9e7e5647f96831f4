nav-advice = 事業者の助言
nav-inbox = 依頼
role-supporter = 支援者
member-until = { $date }まで
error-supporter-until = 支援者には期限が必要です。最後の日（YYYY-MM-DD）を指定してください。

advice-title = 構成図を、それぞれの事業者に確認してもらいます
advice-intro = 事業者には、その事業者の機器と、病院が見せると決めた隣の機器だけが見えます。
advice-no-vendors = 確認を依頼できる事業者がまだありません
advice-no-vendors-how = 台帳に機器の保守事業者を書くと、ここに並びます。
advice-column-nodes = 機器
advice-nodes = { $count }台
advice-column-confirmed = 事業者の確認
advice-all-confirmed = すべて確認済み
advice-unconfirmed = 未確認 { $count }台
advice-column-asked = 依頼した日
advice-column-answered = 回答
advice-column-next = 次にすること
advice-never = まだ依頼していません
advice-waiting = { $due }まで回答待ち
advice-answered-on = { $date } 回答
advice-open-items = 回答を見て決める（{ $count }件）
advice-ask = { $vendor }に確認を依頼する
advice-due = 回答の期限
advice-note = 事業者への連絡（任意）
advice-due-bad = 回答の期限が読み取れません。日付を選んでください。
advice-due-past = 回答の期限が過去の日です。今日より後の日を選んでください。
advice-note-long = 連絡は{ $limit }文字までです。短くしてください。
advice-nothing-shown = この事業者に見せる機器も回線もありません。台帳で保守事業者を書くか、隠した機器を見せてください。

advice-due-never = まだ確認されていません
advice-due-changed = 確認の後に内容が変わりました
advice-due-old = 確認から1年たちました
advice-of-device = 事業者の確認
advice-confirmed-on = { $vendor } { $date } 確認
advice-confirmed-by = 回答者: { $by }
advice-by-file = ファイル「{ $file }」による
advice-by-login = 事業者のログインによる

share-title = { $vendor }に見せる範囲
share-nothing-due = すべて確認済みです。
share-due-count = 確認が必要な機器が{ $count }台あります。
share-goes-to = 依頼は「{ $tenant }」のログインにも届きます。
share-by-file = 依頼を作ると、渡すファイルができます。送るのはあなたです。
share-picture = 事業者に見える構成図
share-picture-note = この図と下の一覧にないものは、図・ファイル・APIのどこにも出ません。備考、契約、独自の列、脆弱性は見せません。
share-own = 機器ごとに見せる範囲
share-own-none = この事業者が保守・設置・更新する機器は、台帳にありません。
share-shown = 見せる範囲
share-show-own = 見せる（事業者の機器）
share-hide = 見せない
share-neighbour = 隣の機器
share-name = 名称だけ見せる
share-kind = 名称と種別を見せる
share-address = 名称・種別・アドレスを見せる
share-save = 見せる範囲を保存する
share-due = 確認が必要な機器
share-requests = これまでの依頼
share-login = 事業者のログイン
share-linked = 「{ $tenant }」とつながっています。依頼はそのログインにも届きます。
share-not-linked = 「{ $tenant }」がこのシステムを使っています。つなぐと、依頼がそのログインにも届きます。
share-link = つなぐ
share-unlink = つなぐのをやめる
share-no-login = この事業者はこのシステムを使っていません。ファイルで依頼します。

request-title-waiting = { $vendor }の回答を{ $due }まで待っています
request-title-open = { $vendor }の回答のうち{ $count }件を決めてください
request-title-done = { $vendor }の回答はすべて決まりました
request-newer = 同じ事業者への新しい依頼があります。
request-newer-open = 新しい依頼を開く
request-sent = 依頼は事業者のログインに届いています。ファイルを渡しても回答してもらえます。
request-not-sent = まだ何も送られていません。右のファイルを、メールやUSBメモリで事業者に渡してください。
request-moved = 依頼の後に変わりました
request-then = 依頼したとき
request-now = いまの台帳
request-theirs = 事業者の回答
request-cleared = なし（空にする）
request-entered-by = 入力: { $by }
request-accepted = 受け入れました
request-refused = 受け入れませんでした
request-accept = 受け入れる
request-refuse = 受け入れない
request-reason = 受け入れない理由
request-decide = 選んだとおりに決める
request-accept-all = 残りをすべて受け入れる
request-refuse-all = 残りをすべて受け入れない
request-shown = 事業者に見せた構成図
request-files = 事業者に渡すファイル
request-files-how = どれか1つで回答できます。
request-form-html = 回答フォーム（ブラウザで開く、ネットワーク不要）
request-form-xlsx = 回答フォーム（Excel）
request-mail = メールの下書き（2つのフォーム付き）
request-enter = 回答を取り込む
request-enter-file = 事業者から戻ったファイル
request-enter-button = 回答を読み取る
request-enter-note = 読み取っても台帳は変わりません。1件ずつ決めてから反映します。
request-about = この依頼
request-asked = { $by } { $at } 依頼
request-due = 回答の期限: { $due }

advice-said-confirm = 正しい
advice-said-correct = 訂正
advice-said-remove = もうない
advice-said-new-node = 新しい機器
advice-said-new-line = 新しい回線
advice-said-remark = ひとこと
advice-whole = 全体について
advice-reason-missing = 受け入れない理由を書いてください。何も保存していません。
advice-fault-not-shown = 依頼で見せていない機器か、この事業者のものでない機器についての回答です。受け入れられません。
advice-fault-value = 長すぎる値か、回答できない項目があります。事業者に直してもらってください。
advice-fault-empty = 中身がありません（名称、両端、訂正する値、ひとことのどれか）。事業者に書いてもらってください。

advice-file-none = 回答のファイルを選んでください。
advice-file-large = 回答のファイルが{ $megabytes } MBを超えています。渡したフォームから作られたファイルか確かめてください。
advice-file-unreadable = 回答として読み取れません（{ $detail }）。渡したフォームで保存した .tomomori-answer.json か .xlsx を選んでください。
advice-file-sheets = 回答のExcelにあるはずのシートが足りません。渡したフォームのシートを消さずに戻してもらってください。
advice-file-row = シート「{ $sheet }」の{ $row }行目を読み取れません。列を動かさず、「回答」は一覧から選び、右端の「行の番号」は変えないでください。
advice-file-blank = 何も回答されていないファイルです。回答を書いて保存し直してもらってください。
advice-field-unknown = 回答に、このフォームにない項目「{ $name }」があります。渡したフォームで回答し直してもらってください。
advice-line-without-ends = 新しい回線に「接続元」と「接続先」がありません。両端を書いてください。
advice-too-many = 1つの回答は{ $limit }件までです。
advice-code-other = これは別の依頼（{ $vendor }、{ $date }）への回答です。その依頼を開いて読み取ってください。
advice-code-unknown = この病院の依頼への回答ではありません。ファイルを取り違えていないか、事業者に確かめてください。
advice-by-missing = 回答者の名前がありません。書いてもらってください（100文字まで）。
advice-date-bad = 回答日が読み取れません。2026-11-24 のように書いてもらってください。
advice-date-future = 回答日（{ $date }）が未来です。正しい日を書いてもらってください。
advice-file-name = 構成図の確認_{ $hospital }

advice-mail-subject = 【{ $hospital }】システム構成図の確認のお願い
advice-mail-text =
    { $vendor } 御中

    { $hospital }の{ $by }です。
    当院の医療情報システムの構成図のうち、貴社に関わる部分の確認をお願いします。

    1. 添付のフォームを開いてください（HTMLはダブルクリックで開き、ネットワークを使いません。Excelでも同じ回答ができます）。
    2. 機器と回線ごとに「正しい」「訂正」「もうない」を選び、足りないものを書いてください。
    3. 保存したファイルを当院へ返送してください。

    回答の期限: { $due }

    { $note }

advice-form-title = 構成図の確認
advice-form-heading = { $hospital }の構成図の確認（{ $vendor } 御中）
advice-form-due = 回答の期限: { $due }
advice-form-how = 機器と回線ごとに選び、違うところを直し、最後に保存してください。このページは何も送信しません。保存したファイルを病院に渡してください。
advice-form-neighbours = 図にある隣の機器（回答は不要です）:
advice-form-new = 足りない機器・回線
advice-form-new-how = 貴社の機器や回線で、ここにないものを書いてください。
advice-form-new-node = 新しい機器 { $number }
advice-form-new-line = 新しい回線 { $number }
advice-form-correct = 値を直す・ひとこと書く
advice-form-save = 回答をファイルに保存する
advice-form-saved = 保存しました。ダウンロードしたファイル（.tomomori-answer.json）を病院に渡してください。
advice-sheet-nodes = 機器
advice-sheet-lines = 回線
advice-sheet-who = 回答者
advice-who-question = 項目
advice-who-answer = 記入
advice-line = 回線
advice-by = 回答者の名前
advice-on = 回答日
advice-remark-all = 全体についてのひとこと
advice-code = フォームの番号（変えないでください）
advice-column-say = 回答
advice-column-remark = ひとこと
advice-column-row = 行の番号（変えないでください）
advice-say-confirm = 正しい
advice-say-correct = 訂正
advice-say-remove = もうない
advice-not-shared = （病院の別の機器）
advice-zone-neighbours = 隣の機器
advice-picture-title = { $hospital } / { $vendor }に関わる構成

inbox-title = 構成図の確認
inbox-none = いま届いている依頼はありません
inbox-none-how = 病院が確認を依頼すると、ここに届きます。
inbox-hospital = 病院
inbox-open = 未回答
inbox-heading = { $hospital }の構成図を{ $due }までに確認してください
inbox-how = 機器と回線ごとに選び、違うところを直して送ってください。病院の担当者が1件ずつ見て、台帳に入れるかを決めます。
inbox-send = 回答を病院に送る
inbox-answered = { $date }に回答を送りました。もう一度送ると、病院がまだ決めていない回答を置き換えます。
inbox-answered-count = （{ $count }件）
advice-answer-blank = 回答がありません。1つ以上選ぶか書いてから送ってください。
advice-closed = 病院はこの依頼への回答を受け付けていません。病院に確かめてください。何も送っていません。
