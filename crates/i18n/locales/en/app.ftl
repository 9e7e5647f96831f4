# Texts of crates/app: errors, home, imports, diagram, export.

error-not-logged-in = You are not logged in. Log in and open the page again.
error-denied = You do not have the permission for this. Ask your administrator.
error-not-found = Not found. It was deleted, or the address is wrong.
error-internal = Something went wrong inside the system. Wait a moment and try again. Tell your administrator if it goes on.
error-login = The login name or the password is wrong. Please try again.
error-login-taken = The login name “{ $login }” is taken. Choose another one.
error-password-short = The password is too short. Use at least { $minimum } characters.
error-too-many-attempts = Too many failed attempts. Wait about { $minutes ->
    [one] { $minutes } minute
   *[other] { $minutes } minutes
} and try again.
error-token-name = Enter a name for the token, 1 to 100 characters.
error-quota = This would exceed the storage limit ({ $megabytes } MB). Drop imports you no longer need and try again.
error-stale = Somebody changed this after you opened it. Open the page again and check.
error-state = This is not possible in the present state. Open the page again.
error-bad-cursor = The page address is damaged. Start from the first page of the list.

tag-exploited = Known to be exploited
tag-nobody = Nobody in charge
tag-unknown = Unknown
tag-stale = Outdated information

home-no-catalogue-title = There is no vulnerability information yet
home-no-catalogue-text = Without it nothing can be judged. This does not mean that there are no problems.
home-no-catalogue-button = See how to load it
home-empty-ledger-title = Import your ledger
home-empty-ledger-text = Choose the Excel or CSV files you use today. You see what would change before anything is written.
home-empty-ledger-button = Choose files
home-exploited-title = Decide who is asked to update “{ $device }”
home-exploited-title-vendor = Ask { $vendor } about updating “{ $device }”
home-exploited-text = { $id }: { $title }
home-exploited-button = See details
home-nobody-title = No vendor is known to maintain “{ $device }”
home-nobody-text = Devices without a known maintainer or contract: { $count }.
home-nobody-button = See the list
home-stranger-title = Devices on the network that no ledger knows: { $count }
home-stranger-text = { $address } and others. Find out what they are; add them to the ledger or disconnect them.
home-stranger-button = Check one by one
home-question-title = Open questions that would settle something: { $count }
home-question-text = For example, knowing the version of “{ $device }” would settle { $count } vulnerabilities.
home-question-button = See the questions
home-stale-title = The vulnerability information is outdated
home-stale-text = The information of { $source } is { $days } days old. Vulnerabilities found since do not appear here.
home-stale-text-empty = There is no information of { $source }. Vulnerabilities that only this source reports do not appear here.
home-stale-button = See how fresh it is

import-kind-sheet = Table (Excel, CSV)
import-kind-addresses = Address list (DHCP, ARP, MAC table of a switch)
import-no-file = No file was chosen. Choose at least one.
import-too-much = At most { $files } files and { $megabytes } MB at a time. Import in several steps.
import-failed = The files could not be read. The ledger has not changed. Import again or check the files.
import-file-unreadable = This file cannot be read. Make it again or leave it out. Details: { $detail }
import-file-other = A file of this kind cannot go into the ledger. Choose ledgers and lists (Excel, CSV), DHCP or ARP lists, nmap XML or CycloneDX JSON. Vulnerability feeds go into “catalogue build”.
import-file-no-table = No table for the ledger was found in this file. Choose its header row and what its columns mean, or import again without this file.
import-has-errors = There are problems that must be mended first. See the list of problems, mend the file and import it again.
import-ledger-changed = The ledger changed while you were checking. It is being compared again; please look at the result once more.
import-row-without-name = A row without name, number or address. It is not imported.
import-quantity-too-large = The quantity is above { $limit }. It is imported as one device. Check the number.
import-contract-incomplete = A row without contract number or vendor. It is not imported.
import-line-incomplete = A row without a from or to. It is not imported.

diagram-title = System diagram { $tenant }
diagram-subtitle = Drawn from the ledger on { $date }  { $resources } devices  { $zones } zones  { $lines } lines
diagram-description = System diagram drawn from the ledger with { $resources } devices. The same content is in the ledger list.
diagram-outside = Outside
diagram-no-zone = Devices of unknown zone
diagram-legend-nobody = Nobody in charge
diagram-legend-unknown = Unknown (product not known, or in no ledger)
diagram-legend-findings = Number of affected findings
diagram-legend-exploited = Known to be exploited
diagram-legend-remote = Remote maintenance line
diagram-legend-always-on = Always connected
diagram-legend-unowned = Nobody in charge, or sources not limited
diagram-legend-note = Equal devices are grouped as × number.

list-excel = Export to Excel
export-installed-on = Installed on
export-vulnerability = Vulnerability id
export-score = CVSS
export-too-many-rows = The list has { $count } rows. At most { $limit } rows can be exported to Excel. Narrow the filter and export again.
export-not-possible = An Excel file cannot be written ({ $detail }). Narrow the filter and export again.
