error-password-wrong = The password is wrong. Nothing was recorded. Enter it again.
confirm-item-missing = The text of { $number } was not obtained. Import the official table to fill it in.
confirm-too-long = The text is too long. At most { $limit } characters.
confirm-scan-who = Write who signed and the name of the scanned paper.
confirm-no-vendor = This session has no vendor. Use one that belongs to a contract.
inquiry-mail-subject = [{ $hospital }] Please confirm the division of roles ({ $contract })
inquiry-mail-text =
    To { $vendor }

    This is { $by } of { $hospital }. Please confirm who does what under the contract “{ $contract }”.
    Fill in one of the attached files (Excel or HTML) and return it by { $due }.

    { $note }
inquiry-column-number = No.
inquiry-column-group = Heading
inquiry-column-item = Item
inquiry-column-text = What is asked
inquiry-column-response = Recommended response
inquiry-column-hospital = Role of the hospital
inquiry-column-vendor = Your role
inquiry-column-clause = Clause of the contract
inquiry-column-note = Your remark
inquiry-column-agree = We agree to these roles
inquiry-sheet-items = Questions
inquiry-sheet-joints = Joints
inquiry-joint-line = Joint
inquiry-joint-other = Other side
inquiry-joint-topic = To be settled
inquiry-joint-theirs = Their proposal
inquiry-joint-settled = Settled
inquiry-joint-own = Your proposal
inquiry-file-sheets = Sheets are missing. The answer belongs into the original file with its three sheets. Nothing was taken in.
inquiry-file-edition = This question sheet is of “{ $edition }”. The session now uses another edition. Make a new question sheet. Nothing was taken in.
inquiry-file-who = Cell B2 of the sheet “who answers” holds no name. Nothing was taken in.
inquiry-file-again = The same file was taken in on { $date }. Nothing was taken in.
inquiry-file-older = A newer answer of { $date } is here already. The older one is not taken in.
inquiry-file-other = This answers another question sheet ({ $vendor }, { $contract }). Take it in there. Nothing was taken in.
inquiry-file-foreign = The code is of no question sheet of this hospital. The file is another hospital’s, or the code was altered. Nothing was taken in.
inquiry-file-day = { $place } The day of the answer, “{ $word }”, cannot be read. Nothing was taken in.
inquiry-file-ahead = { $place } The day of the answer, { $date }, has not come yet. Nothing was taken in.
inquiry-file-before-contract = { $place } The day of the answer, { $date }, lies before the contract. Nothing was taken in.
inquiry-file-before = { $place } The day of the answer, { $date }, lies before the question sheet of { $asked }. Nothing was taken in.
inquiry-fault-row = It is not clear which item this row is about. Its number is gone or was altered.
inquiry-fault-twice = Two rows are about the same item. Only the first was read.
inquiry-fault-order = The order of rows was changed. They were read by their numbers.
inquiry-fault-gone = The row of { $number } is missing.
inquiry-fault-altered = The question or the hospital’s role was altered.
inquiry-fault-merged = Cells were merged. It is not clear which item they answer.
inquiry-fault-word = “{ $word }” is none of the words to choose from.
inquiry-held = Something is wrong in the row of { $place }. Set that row aside first, then take over the rest. Nothing was changed.
