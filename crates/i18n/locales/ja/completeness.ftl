# 台帳の記入状況
measure-version = 製品・ファームウェアの版
measure-contract = 契約
measure-location = 設置場所
measure-updater-firmware = 更新の担当（機器・ファームウェア）
measure-updater-os = 更新の担当（OS）
measure-updater-middleware = 更新の担当（ミドルウェア）
measure-updater-application = 更新の担当（アプリケーション）
measure-product = 製品名の記入
measure-linked = カタログの製品との結び付き
measure-os-version = OSの版
measure-zone = 区画
measure-department = 部署
measure-owner = 所有者
measure-serial = 製造番号
measure-support-end = サポート終了

chip-missing = 不明: { $what }
ledger-to-completeness = 記入状況
home-completeness = 記入状況を見る
completeness-title = 台帳の記入状況
completeness-lead = { $retired ->
    [0] { $count }台について、分からないことが多い順に並べています。
   *[other] { $count }台について、分からないことが多い順に並べています。廃棄・返却済みの{ $retired }台は入りません。
  }
completeness-none = 数える機器がありません。
completeness-what = 項目
completeness-known = 分かる機器
completeness-unknown = 分からない機器
completeness-share = { $applies }台中 { $known }台（{ $percent }%）
completeness-no-device = 対象なし
completeness-see = { $count }台を見る
completeness-all-known = なし
completeness-rule = 数え方
completeness-rule-counts = 廃棄・返却済みの機器は数えません。ネットワークで見つかっただけの機器は数えます。
completeness-rule-applies = 種別に合わない項目は、分かっているときだけ数えます。設備の版や、クラウドの設置場所がその例です。種別が分からない機器は、すべての項目の対象です。
completeness-rule-linked = 「製品名の記入」は、台帳に製品名があるかです。「カタログの製品との結び付き」は、機器の製品・OS・ソフトのどれかが脆弱性情報の製品名と結び付いたかです。結び付かない機器の脆弱性は分かりません。
completeness-rule-version = サーバと端末PCは、機器の版の代わりにOSの版を数えます。
completeness-rule-updater = 更新の担当は、種別から見て必ずある層と、OSやソフトが見つかっている層について数えます。
completeness-rule-percent = 割合は切り捨てです。1台でも分からなければ100%にはなりません。
