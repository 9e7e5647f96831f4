error-password-wrong = パスワードが違います。何も記録していません。もう一度入れてください。
confirm-item-missing = { $number } は内容が未取得です。公式の表を取り込むと記入できます。
confirm-too-long = 文が長すぎます。{ $limit } 文字までにしてください。
confirm-scan-who = 署名した人の名前と、スキャンした紙の名前を書いてください。
confirm-no-vendor = この記入には相手の事業者がいません。契約を選んだ記入で行ってください。
inquiry-mail-subject = 【{ $hospital }】役割分担の確認のお願い（{ $contract }）
inquiry-mail-text =
    { $vendor } ご担当者様

    { $hospital } の { $by } です。契約「{ $contract }」について、どちらが何を担当するかの確認をお願いします。
    添付のどちらか（Excel またはHTML）に記入し、{ $due } までに返送してください。

    { $note }
inquiry-column-number = 項番
inquiry-column-group = 区分
inquiry-column-item = 項目
inquiry-column-text = 内容
inquiry-column-response = 推奨される対応
inquiry-column-hospital = 病院の役割
inquiry-column-vendor = 貴社の役割
inquiry-column-clause = 契約の条文
inquiry-column-note = 貴社の備考
inquiry-column-agree = この役割に合意する
inquiry-sheet-items = 質問
inquiry-sheet-joints = 接続点
inquiry-joint-line = 接続点
inquiry-joint-other = 相手
inquiry-joint-topic = 決めること
inquiry-joint-theirs = 相手の案
inquiry-joint-settled = 決まったこと
inquiry-joint-own = 貴社の案
inquiry-file-sheets = シートが足りません。質問、接続点、回答者の3枚がある元のファイルに記入してもらってください。何も取り込んでいません。
inquiry-file-edition = この質問票は「{ $edition }」のものです。記入はいま別の版で行っています。新しい質問票を作ってください。何も取り込んでいません。
inquiry-file-who = 「回答者」シートの B2 に、回答した人の名前がありません。何も取り込んでいません。
inquiry-file-again = 同じファイルは { $date } に取り込み済みです。何も取り込んでいません。
inquiry-file-older = { $date } の新しい回答が、もう届いています。古い回答は取り込みません。
inquiry-file-other = 別の質問票への回答です（{ $vendor }、{ $contract }）。その質問票の画面で取り込んでください。何も取り込んでいません。
inquiry-file-foreign = 控え番号が、この病院の質問票のものではありません。別の病院のファイルか、番号が書き換えられています。何も取り込んでいません。
inquiry-file-day = { $place } 回答日「{ $word }」が日付として読めません。何も取り込んでいません。
inquiry-file-ahead = { $place } 回答日 { $date } は、まだ来ていない日です。何も取り込んでいません。
inquiry-file-before-contract = { $place } 回答日 { $date } は、契約の始まりより前です。何も取り込んでいません。
inquiry-file-before = { $place } 回答日 { $date } は、質問票を作った { $asked } より前です。何も取り込んでいません。
inquiry-fault-row = どの項目の行か分かりません。行の番号が消えたか、書き換えられています。
inquiry-fault-twice = 同じ項目の行が2つあります。上の行だけを読みました。
inquiry-fault-order = 行の順が変わっています。行の番号で読みました。
inquiry-fault-gone = { $number } の行がありません。
inquiry-fault-altered = 質問の文か病院の役割が書き換えられています。
inquiry-fault-merged = セルが結合されています。どの項目への回答か分かりません。
inquiry-fault-word = 「{ $word }」は選べる言葉ではありません。
inquiry-held = { $place } の行に問題があります。その行を「使わない」にしてから、残りを取り入れてください。何も変えていません。
