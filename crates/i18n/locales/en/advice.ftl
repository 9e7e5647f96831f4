nav-advice = Vendors' advice
nav-inbox = Requests
role-supporter = Supporter
member-until = until { $date }
error-supporter-until = A supporter needs an end. Give the last day (YYYY-MM-DD).

advice-title = Have each vendor confirm its part of the diagram
advice-intro = A vendor sees its own devices and the neighbours the hospital decides to show, nothing else.
advice-no-vendors = There is no vendor to ask yet
advice-no-vendors-how = Vendors appear here when the ledger says who maintains a device.
advice-column-nodes = Devices
advice-nodes = { $count }
advice-column-confirmed = Confirmed by vendor
advice-all-confirmed = All confirmed
advice-unconfirmed = { $count } not confirmed
advice-column-asked = Asked on
advice-column-answered = Answer
advice-column-next = What to do next
advice-never = Not asked yet
advice-waiting = Waiting until { $due }
advice-answered-on = Answered { $date }
advice-open-items = Look at the answer and decide ({ $count })
advice-ask = Ask { $vendor } to confirm
advice-due = Answer wanted by
advice-note = Note to the vendor (optional)
advice-due-bad = The day for the answer cannot be read. Choose a date.
advice-due-past = The day for the answer has passed. Choose a later day.
advice-note-long = A note may have { $limit } characters. Make it shorter.
advice-nothing-shown = There is no device and no line to show this vendor. Say in the ledger what it maintains, or show what is hidden.

advice-due-never = Not confirmed yet
advice-due-changed = Changed since it was confirmed
advice-due-old = Confirmed a year ago or longer
advice-of-device = Confirmed by vendors
advice-confirmed-on = { $vendor } confirmed { $date }
advice-confirmed-by = Answered by { $by }
advice-by-file = from the file “{ $file }”
advice-by-login = by the vendor's log-in

share-title = What { $vendor } is shown
share-nothing-due = Everything is confirmed.
share-due-count = { $count ->
    [one] One device is to be confirmed.
   *[other] { $count } devices are to be confirmed.
}
share-goes-to = The request also goes to the log-in of “{ $tenant }”.
share-by-file = A request gives you files to hand over. You send them.
share-picture = The diagram as the vendor sees it
share-picture-note = What is not in this picture and the list below is in no picture, file or API. Notes, contracts, your own columns and vulnerabilities are never shown.
share-own = What is shown of each device
share-own-none = The ledger has no device that this vendor maintains, installed or updates.
share-shown = Shown
share-show-own = Show (the vendor's own)
share-hide = Do not show
share-neighbour = Neighbour
share-name = Show the name
share-kind = Show name and kind
share-address = Show name, kind and address
share-save = Save what is shown
share-due = To be confirmed
share-requests = Requests so far
share-login = The vendor's log-in
share-linked = Linked to “{ $tenant }”. Requests go to its log-in as well.
share-not-linked = “{ $tenant }” uses this system. Once linked, requests go to its log-in as well.
share-link = Link
share-unlink = End the link
share-no-login = This vendor does not use this system. Ask it by file.

request-title-waiting = Waiting for { $vendor } to answer by { $due }
request-title-open = Decide on { $count } of the answers of { $vendor }
request-title-done = All answers of { $vendor } are decided
request-newer = There is a newer request to the same vendor.
request-newer-open = Open the newer request
request-sent = The request is in the vendor's inbox. It can answer by file as well.
request-not-sent = Nothing has been sent. Hand one of the files over by mail or on a stick.
request-moved = Changed since the request
request-then = When asked
request-now = In the ledger now
request-theirs = The vendor says
request-cleared = none (clear it)
request-entered-by = entered by { $by }
request-accepted = Accepted
request-refused = Not accepted
request-accept = Accept
request-refuse = Do not accept
request-reason = Why not
request-decide = Decide as chosen
request-accept-all = Accept all that is left
request-refuse-all = Accept none that is left
request-shown = The diagram the vendor was shown
request-files = Files for the vendor
request-files-how = One of them is enough to answer.
request-form-html = Form for a browser (needs no network)
request-form-xlsx = Form for Excel
request-mail = Draft of a mail with both forms
request-enter = Take an answer in
request-enter-file = File that came back
request-enter-button = Read the answer
request-enter-note = Reading it changes nothing in the ledger. You decide on each item first.
request-about = This request
request-asked = Asked by { $by }, { $at }
request-due = Answer wanted by { $due }

advice-said-confirm = Right
advice-said-correct = Correction
advice-said-remove = No longer there
advice-said-new-node = New device
advice-said-new-line = New line
advice-said-remark = Remark
advice-whole = On the whole
advice-reason-missing = Say why it is not accepted. Nothing was saved.
advice-fault-not-shown = This is about a device the request did not show, or one that is not this vendor's. It cannot be accepted.
advice-fault-value = A value is too long or of a field that cannot be answered. Ask the vendor to correct it.
advice-fault-empty = Something is missing (name, both ends, a corrected value or the remark). Ask the vendor to fill it in.

advice-file-none = Choose the file with the answer.
advice-file-large = The file has more than { $megabytes } MB. Check that it was made with the form you handed over.
advice-file-unreadable = This cannot be read as an answer ({ $detail }). Choose the .tomomori-answer.json or .xlsx saved with the form.
advice-file-sheets = Sheets are missing in the workbook. Ask for the form back with all its sheets.
advice-file-row = Row { $row } of the sheet “{ $sheet }” cannot be read. Leave the columns where they are, choose the answer from the list and do not change the row number on the right.
advice-file-blank = Nothing is answered in this file. Ask the vendor to answer and save it again.
advice-field-unknown = The answer has a field “{ $name }” that this form does not have. Ask for an answer with the form you handed over.
advice-line-without-ends = A new line lacks from and to. Fill in both ends.
advice-too-many = One answer may have { $limit } items.
advice-code-other = This answers another request ({ $vendor }, { $date }). Open that one and read the file there.
advice-code-unknown = This answers no request of this hospital. Ask the vendor whether it is the right file.
advice-by-missing = The name of who answered is missing. Ask for it (up to 100 characters).
advice-date-bad = The day of the answer cannot be read. It should look like 2026-11-24.
advice-date-future = The day of the answer ({ $date }) is in the future. Ask for the right day.
advice-file-name = Diagram to confirm_{ $hospital }

advice-mail-subject = [{ $hospital }] Please confirm your part of our system diagram
advice-mail-text =
    To { $vendor }

    This is { $by } of { $hospital }.
    Please confirm the part of our system diagram that concerns you.

    1. Open the attached form (the HTML file opens with a double click and uses no network; the workbook does the same).
    2. For each device and line choose whether it is right, to be corrected or no longer there, and add what is missing.
    3. Send the saved file back to us.

    Answer wanted by { $due }

    { $note }

advice-form-title = Confirm the diagram
advice-form-heading = The diagram of { $hospital }, to be confirmed by { $vendor }
advice-form-due = Answer wanted by { $due }
advice-form-how = Choose for each device and line, correct what is wrong, and save at the end. This page sends nothing. Hand the saved file to the hospital.
advice-form-neighbours = Neighbours in the picture (no answer needed):
advice-form-new = Missing devices and lines
advice-form-new-how = Write down your devices and lines that are not here.
advice-form-new-node = New device { $number }
advice-form-new-line = New line { $number }
advice-form-correct = Correct values, add a remark
advice-form-save = Save the answer as a file
advice-form-saved = Saved. Hand the downloaded file (.tomomori-answer.json) to the hospital.
advice-sheet-nodes = Devices
advice-sheet-lines = Lines
advice-sheet-who = Who answers
advice-who-question = Question
advice-who-answer = Answer
advice-line = Line
advice-by = Name of who answers
advice-on = Day of the answer
advice-remark-all = Remark on the whole
advice-code = Number of the form (leave as it is)
advice-column-say = Answer
advice-column-remark = Remark
advice-column-row = Row number (leave as it is)
advice-say-confirm = Right
advice-say-correct = To be corrected
advice-say-remove = No longer there
advice-not-shared = (another device of the hospital)
advice-zone-neighbours = Neighbours
advice-picture-title = { $hospital }: what concerns { $vendor }

inbox-title = Checking the system diagram
inbox-none = No request has come
inbox-none-how = What hospitals ask you to confirm appears here.
inbox-hospital = Hospital
inbox-open = Not answered
inbox-heading = Confirm the diagram of { $hospital } by { $due }
inbox-how = Choose for each device and line, correct what is wrong, and send. A person of the hospital decides on each item before it enters the ledger.
inbox-send = Send the answer to the hospital
inbox-answered = You answered on { $date }. Sending again replaces what the hospital has not decided on yet.
inbox-answered-count = ({ $count })
advice-answer-blank = There is no answer. Choose or write something before sending.
advice-closed = The hospital takes no answer to this request any more. Ask the hospital. Nothing was sent.
