# Reading Excel and CSV files: what is wrong, and what to do about it.

sheet-file-empty = The file holds nothing. Check that it is the right file and choose it again.
sheet-file-protected = The file is protected by a password. Open it in Excel, remove the password and save it again.
sheet-file-xls = This is the old Excel format (.xls). Open it in Excel and use "Save As" with "Excel Workbook (.xlsx)".
sheet-file-xlsb = This is the binary Excel format (.xlsb). Open it in Excel and use "Save As" with "Excel Workbook (.xlsx)".
sheet-file-ods = This is an OpenDocument file (.ods). Open it in a spreadsheet program and save it as "Excel Workbook (.xlsx)".
sheet-file-not-a-table = This is neither an Excel file nor a CSV file. If Excel can open it, save it as "Excel Workbook (.xlsx)".
sheet-file-truncated = The file is cut off or broken. Check that Excel can open the original, then copy it again.
sheet-file-missing-part = The Excel file lacks a part it needs ({ $part }). Open it in Excel and save it as "Excel Workbook (.xlsx)".
sheet-file-damaged = "{ $part }" is damaged and cannot be read ({ $detail }). Open the file in Excel and save it as "Excel Workbook (.xlsx)".
sheet-file-encoding = Line { $line }, character { $column }, cannot be read. Open the file in Excel and save it as "CSV UTF-8".
sheet-file-quote = A quotation mark (") in line { $line } has no partner. Mend the marks in that line, or open the file in Excel and save it as CSV again.

sheet-limit-file = The file is too large (limit { $megabytes } MB). Split it into smaller files, by sheet or by period.
sheet-limit-inflated = The file is too large when unpacked ({ $place }, limit { $megabytes } MB). Remove pictures and sheets you do not need and save it again. Do not open a file you did not expect.
sheet-limit-text = There is too much text ({ $place }, limit { $megabytes } MB). Split the sheets into smaller files.
sheet-limit-sheets = There are too many sheets (limit { $limit }). Save only the sheets you need in another file.
sheet-limit-strings = There are too many different texts (limit { $limit }). Split the sheets into smaller files.
sheet-limit-cells = Too many cells hold a value ({ $place }, limit { $limit }). Keep only the sheets and columns you need.
sheet-limit-columns = Too many columns hold a value ({ $place }, limit { $limit }). Keep only the columns you need.
sheet-limit-rows = Too many rows hold a value ({ $place }, limit { $limit }). Split the file.
sheet-limit-styles = There are too many cell styles (limit { $limit }). Paste the values alone into a new workbook and save that.
sheet-limit-merges = There are too many merged cells ({ $place }, limit { $limit }). Paste the values alone into a new workbook and save that.

sheet-macros-ignored = The file contains macros. They were not used; only the values of cells were read.
sheet-hidden-sheet = This sheet is hidden. It was read like a visible one. Leave it out of the import if you do not need it.
sheet-hidden-rows = { $count } rows are hidden. They were read like visible ones. Delete them in Excel if you do not need them.
sheet-hidden-columns = { $count } columns are hidden. They were read like visible ones. Delete them in Excel if you do not need them.
sheet-cell-error = The formula gives an error ({ $value }). This value is not used. Mend the formula in Excel or type the value.
sheet-cell-uncalculated = The result of this formula was not saved. This value is not used. Open the file in Excel, save it, and choose it again.
sheet-more-cells = { $count } more cells have a problem of this kind.

sheet-nul-removed = { $count } bytes that are no text (NUL) were removed. Check the values next to them.
sheet-ragged-row = This row has { $found } columns, the others have { $usual }. Check that no value slipped into the next column.
sheet-more-ragged = { $count } more rows have a different number of columns.

sheet-left-out-empty = The sheet is empty and is left out.
sheet-left-out-no-table = No table was found, so this sheet is left out. If there is one, choose its header row and what its columns mean.
sheet-left-out-no-header = It is not clear what this table describes, so this sheet is left out. To import it, choose the kind of table, the header row and what the columns mean.
sheet-left-out-form = This is a security disclosure form (MDS2, MDS, SDS) and no table for the ledger, so it is left out. To import a ledger, choose another sheet or file.
sheet-mapping-column = There is no column "{ $column }". Choose a column by its letters, as A, B or AA.

sheet-row-title = "{ $text }" was taken for a section title and is not imported. If the row is a device, fill in other columns such as the product as well.
sheet-row-total = "{ $text }" was taken for a row of totals and is not imported.
sheet-cell-ditto = There is no value above to repeat here. Type the value.

sheet-cell-not-a-date = "{ $value }" cannot be read as a date. This value is not used. Write it as 2026/11/24 or 令和8年11月24日.
sheet-cell-no-such-day = There is no day "{ $value }" (mind the years of the era). This value is not used. Type the right date.
sheet-cell-address = "{ $value }" cannot be read as an IP address. The value of this cell is not used. Write it as 10.20.1.5; separate several with a comma.
sheet-cell-mac = "{ $value }" cannot be read as a MAC address. The value of this cell is not used. Write it as 00:1a:2b:3c:4d:5e.
sheet-cell-range = "{ $value }" cannot be read as an address range. The value of this cell is not used. Write it as 10.20.1.0/24.
sheet-cell-kind = "{ $value }" is not a known kind of device. The kind stays blank. Write server, client, network device, medical device, facility, cloud, brought-in equipment or other.
sheet-cell-zone-kind = "{ $value }" is not a known kind of zone. The kind stays blank. Write outside, boundary, server room, department or ward.
sheet-cell-purchase = "{ $value }" is not a known form of purchase. It stays blank. Write bought, lease, rental or service.
sheet-cell-truth = It is not clear whether "{ $value }" means yes or no. It stays blank. Write yes or no.
sheet-cell-quantity = "{ $value }" cannot be read as a number of devices. This value is not used. Type a number from 1 to 10000.
sheet-cell-version-number = The version "{ $value }" is stored as a number, so 7.10 and 7.1 cannot be told apart. Check the version and type it as text.
sheet-cell-state = "{ $value }" is not a known state. It stays blank. Write planned, in use, spare, in repair or retired.
sheet-cell-criticality = "{ $value }" is not a known criticality. It stays blank. Write high, middle or low.
sheet-cell-kb = "{ $value }" cannot be read as the number of an update. Only this number is not used. Write it as KB5031364.
sheet-cell-circuit-number = The circuit number "{ $value }" is stored as a number, so a leading 0 may be lost. Check it on the bill and type it as text.
sheet-cell-date-order = "{ $value }" does not seem to be in the order year, month, day. It is taken for { $date }. Check that this is the right date.
sheet-cell-date-either = "{ $value }" may mean { $one } or { $other }. This value is not used. Write year, month, day, as in 2026/11/24.
sheet-cell-date-serial = "{ $value }" was taken for a serial number of Excel, which is { $date }. Check that this is the right date.
sheet-cell-date-short-year = The year in "{ $value }" has two digits, so its calendar is unknown. This value is not used. Write it as 2024/4/1 or 令和6年4月1日.
sheet-cell-mac-in-address = The column of IP addresses holds the MAC address "{ $value }". It is taken for a MAC address. Check that no value slipped into the next column.
sheet-cell-address-in-mac = The column of MAC addresses holds the IP address "{ $value }". It is taken for an IP address. Check that no value slipped into the next column.
sheet-column-addresses = The column is called "{ $header }" but holds IP addresses. It is read as such. If that is wrong, choose what the column means.
sheet-column-macs = The column is called "{ $header }" but holds MAC addresses. It is read as such. If that is wrong, choose what the column means.

sheet-form-unanswered = Question { $number } is not answered and counts as unknown. Ask the vendor who wrote the form.
sheet-form-odd-answer = The answer "{ $value }" to question { $number } is neither yes, no nor not applicable. It counts as unknown. Ask the vendor who wrote the form.
sheet-form-two-answers = Question { $number } has more than one answer. It counts as unknown. Ask the vendor who wrote the form.
sheet-form-twice = Question { $number } stands in two places with different answers. It counts as unknown. Ask the vendor who wrote the form.
sheet-form-note-missing = The answer to question { $number } refers to a note, but there is none. Ask the vendor what it says.
sheet-form-note-unknown = Note { $note } was not found. Ask the vendor what it says.
sheet-form-no-product = The form does not say which product it is about (manufacturer or product is missing). Ask the vendor for a completed form.

sheet-doubt-address-misplaced = "{ $value }" seems to belong in the column of IP addresses. It is kept where it stands; check that no value slipped into another column.
sheet-doubt-mac-misplaced = "{ $value }" seems to belong in the column of MAC addresses. It is kept where it stands; check that no value slipped into another column.
sheet-doubt-future = { $date } lies in the future. It is kept; check the year and the era.
sheet-doubt-showa = { $date } lies in the Showa era. It is kept; check the era (Reiwa, Heisei, Showa).
sheet-doubt-ends-first = The end { $to } lies before the start { $from }. Both are kept; check which is right.
sheet-doubt-shared-mac = The MAC address "{ $value }" stands in { $count } rows ({ $cells }). Each device has its own; check it on the devices.

sheet-paste-too-much = Up to { $cells } cells and { $megabytes } MB can be pasted at a time. Paste in parts.
