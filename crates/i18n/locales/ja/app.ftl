# Texts of crates/app: errors, home, imports, diagram, export.

error-not-logged-in = ログインしていません。ログインしてから、もう一度開いてください。
error-denied = この操作をする権限がありません。院内の管理者に相談してください。
error-not-found = 見つかりませんでした。削除されたか、アドレスが違います。
error-internal = システムの内部で問題が起きました。少し待って、もう一度試してください。続くときは管理者に知らせてください。
error-login = ログイン名かパスワードが違います。もう一度入力してください。
error-login-taken = ログイン名「{ $login }」は使われています。別の名前にしてください。
error-password-short = パスワードが短すぎます。{ $minimum }文字以上にしてください。
error-too-many-attempts = 失敗が続いたため、ログインを止めています。{ $minutes }分ほど待ってから試してください。
error-token-name = 鍵の名前を 1〜100文字で入力してください。
error-quota = 保存できる量({ $megabytes } MB)を超えます。使わない取り込みを取り消してから、もう一度試してください。
error-stale = 表示したあとに、ほかの人が変更しました。画面を開き直して、もう一度確認してください。
error-state = いまの状態ではこの操作はできません。画面を開き直してください。
error-bad-cursor = ページのアドレスが壊れています。一覧の最初から開いてください。

tag-exploited = 悪用が確認されています
tag-nobody = 担当なし
tag-unknown = 不明
tag-stale = 情報が古い

home-no-catalogue-title = 脆弱性の情報がまだありません
home-no-catalogue-text = 情報がないため、いまは何も判断できません。「問題なし」という意味ではありません。
home-no-catalogue-button = 取り込み方を見る
home-empty-ledger-title = 台帳を取り込んでください
home-empty-ledger-text = いま使っている Excel や CSV をそのまま選べます。書き込む前に、変わる内容を確認できます。
home-empty-ledger-button = ファイルを選ぶ
home-exploited-title = 「{ $device }」の更新を、だれに頼むか決めてください
home-exploited-title-vendor = 「{ $device }」の更新について、{ $vendor }に確認してください
home-exploited-text = { $id }: { $title }
home-exploited-button = 内容を見る
home-nobody-title = 「{ $device }」は、保守する事業者が決まっていません
home-nobody-text = 保守の担当も契約も分からない機器が、ぜんぶで { $count }台あります。
home-nobody-button = 一覧を見る
home-stranger-title = 台帳にない機器が { $count }台、通信しています
home-stranger-text = { $address } など。何の機器か確かめ、台帳に加えるか、取り外してください。
home-stranger-button = 一覧を見る
home-question-title = 確かめれば判断できることが { $count }件あります
home-question-text = たとえば「{ $device }」は、版などが分かれば { $count }件の脆弱性について判断できます。
home-question-button = 確かめることを見る
home-stale-title = 脆弱性の情報が古くなっています
home-stale-text = { $source } の情報は { $days }日前のものです。そのあとに見つかった脆弱性は、ここには出ません。
home-stale-text-empty = { $source } の情報がありません。その情報源にしかない脆弱性は、ここには出ません。
home-stale-button = 情報の鮮度を見る

import-kind-sheet = 表(Excel・CSV)
import-kind-addresses = アドレス一覧(DHCP・ARP・スイッチの MAC アドレス表)
import-no-file = ファイルが選ばれていません。1つ以上選んでください。
import-too-much = 一度に取り込めるのは { $files }個、合わせて { $megabytes } MB までです。分けて取り込んでください。
import-failed = ファイルを読み取れませんでした。台帳は変わっていません。もう一度取り込むか、ファイルを確かめてください。
import-file-unreadable = このファイルは読み取れません。作り直すか、取り込みから外してください。詳細: { $detail }
import-file-other = この種類のファイルは台帳に取り込めません。台帳や一覧の Excel・CSV、DHCP・ARP の一覧、nmap の XML、CycloneDX の JSON を選んでください。脆弱性の情報は「catalogue build」で取り込みます。
import-file-no-table = このファイルには、台帳に取り込める表が見つかりません。見出しの行と列の意味を選ぶか、このファイルを外して取り込み直してください。
import-has-errors = 直さないと取り込めない問題があります。問題の一覧を見て、ファイルを直してから取り込み直してください。
import-ledger-changed = 確認のあいだに台帳が変わりました。比べ直していますので、もう一度内容を確認してください。
import-same-by = { $key ->
    [serial] 製造番号が同じ
    [asset_number] 管理番号が同じ
    [mac] MACアドレスが同じ
    [hostname] ホスト名が同じ
    [address] IPアドレスが同じ
   *[name] 名称が同じ
}
import-doubt = { $key ->
    [serial] 製造番号
    [asset_number] 管理番号
    [mac] MACアドレス
    [hostname] ホスト名
    [address] IPアドレス
   *[name] 名称
}などが、別々の機器と一致します({ $names })。どれか分からないため、この行は取り込みません。表か台帳を直してください。
import-key-twice = 「{ $value }」は、同じ表の「{ $name }」にもあります。この行では使わずに取り込みます。正しい番号を確かめてください。
import-row-without-name = 名前も番号もアドレスもない行です。取り込みません。
import-quantity-too-large = 台数が { $limit } を超えています。1台として取り込みます。数を確かめてください。
import-contract-unknown = 契約番号「{ $value }」は契約一覧にありません。契約なしとして取り込みます。
import-contract-incomplete = 契約番号か事業者がない行です。取り込みません。
import-uplink-unknown = 接続先「{ $value }」が見つからないか、同じ名前の機器が2台以上あります。接続先なしとして取り込みます。
import-line-incomplete = 接続元か接続先がない行です。取り込みません。
import-line-ends-unknown = 「{ $from }」も「{ $to }」も台帳にありません。どちらかを台帳に加えてから取り込んでください。
import-needs-unknown = 必要な機器「{ $value }」が見つからないか、同じ名前の機器が2台以上あります。この機器を除いて取り込みます。
import-sbom-subject-unknown = 部品表の対象「{ $value }」が台帳にありません。先に台帳に加えてください。この部品表は取り込みません。

diagram-title = 構成図 { $tenant }
diagram-subtitle = { $date } 台帳から作成  機器 { $resources }台  区画 { $zones }  回線 { $lines }
diagram-description = 台帳から描いた構成図です。機器は { $resources }台です。同じ内容は台帳の一覧でも見られます。
diagram-outside = 院外
diagram-no-zone = 区画が分からない機器
diagram-legend-nobody = 担当なし
diagram-legend-unknown = 不明(製品が分からない、または台帳にない)
diagram-legend-findings = 影響ありの脆弱性の数
diagram-legend-exploited = 悪用が確認されている
diagram-legend-remote = リモート保守の回線
diagram-legend-always-on = 常時接続
diagram-legend-unowned = 担当か接続元の制限が決まっていない
diagram-legend-note = 同じ機器はまとめて ×台数 で示します。

list-excel = Excel に書き出す
export-installed-on = 導入日
export-vulnerability = 脆弱性の番号
export-score = CVSS
export-too-many-rows = { $count }行あります。Excel に書き出せるのは { $limit }行までです。一覧を絞り込んでから、もう一度書き出してください。
export-not-possible = Excel のファイルに書き出せません({ $detail })。一覧を絞り込んでから、もう一度書き出してください。
