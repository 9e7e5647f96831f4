# Texts of crates/web.
# frame
brand = Tomomori
brand-long = Tomomori
skip = Skip to content
menu = Menu
menu-close = Close
logout = Log out
search-label = Search devices, vendors, CVEs
search-hint = Search devices, vendors, CVEs ( / )
nav-home = Home
nav-ledger = Ledger
nav-diagram = Diagram
nav-findings = Vulnerabilities
nav-imports = Import
nav-settings = Settings
crumb = You are here
side = Related information
history = History
unknown = unknown
list-comma = ,{" "}
value-yes = yes
value-no = no
who = Who
sort = Order
fresh-until = Vulnerability data up to { $date } ({ $days ->
    [one] { $days } day ago
   *[other] { $days } days ago
})
fresh-none = No vulnerability data
fresh-empty = No data from { $source }
count-items = { $count }
count-devices = { $count ->
    [one] { $count } device
   *[other] { $count } devices
}
count-rows = { $count ->
    [one] { $count } row
   *[other] { $count } rows
}
count-questions = { $count ->
    [one] { $count } question
   *[other] { $count } questions
}

# errors
error-bad-request = The request could not be read. Go back and try again.
error-form-expired = This form is out of date or was sent by another site. Nothing was changed. Open the page again and repeat the action.
error-method = This address does not offer that action. Start again from the home page.
error-too-large = The upload is too large. Split the files and send them again.
error-timeout = The request took too long. Wait a moment and try again.
error-title-bad-request = The request could not be read
error-title-denied = This is not allowed
error-title-not-found = Not found
error-title-conflict = Not possible right now
error-title-too-large = Too large
error-title-too-many = Please wait
error-title-internal = Something went wrong
error-incident = Incident number: { $number }
error-back = Back to the page before
error-to-home = Go to the home page

# login
login-title = Log in
login-lead = The workbench on which a hospital and its vendors keep the medical information system safe together.
login-name = Login name
login-password = Password
login-button = Log in

# home
home-title = { $day }: { $count ->
    [one] one thing to do
   *[other] { $count } things to do
}
home-title-none = { $day }: nothing to do right now
home-none-note = When new information arrives, what to do appears here.
home-state = Where things stand
home-known = Resources known
home-known-note = product and version known
home-unknown = { $count } unknown
home-affected = Affected
home-exploited = { $count } of them exploited
home-questions = Questions
home-questions-note = An answer would decide them.
home-nobody = Nobody maintains
home-nobody-note = Devices that need an owner.
home-not-declared = Not in the ledger
home-not-declared-note = Seen on the network only.

# lists
filter = Filters
filter-all = All
filter-words = Words
filter-apply = Apply
filter-clear = Clear the filters
pager = Pages
pager-first = First page
pager-next = Next page
pager-shown = Showing { $shown } of { $total }

# ledger
ledger-title = Ledger: { $count ->
    [one] { $count } device
   *[other] { $count } devices
}
ledger-to-diagram = See the diagram
ledger-empty = The ledger is empty
ledger-empty-how = Import the Excel or CSV files you already have.
ledger-empty-reader = What somebody with the right to import brings in appears here. Vendors see a hospital’s devices only when the hospital shares them.
ledger-none = No device matches
ledger-none-how = Remove a filter or try other words.
chip-findings = With vulnerabilities
chip-unknown = Product unknown
chip-not-declared = Not in the ledger
column-product = Product and version
column-zone = Zone and address
support-end = End of support
tag-unknown-product = product unknown
tag-exploited-short = exploited
tag-affected-count = affected: { $count }
cannot-say = cannot say
none-known = none found
resource-unknown-title = Nothing can be said about vulnerabilities of this device
resource-unknown-text = No product was identified. That does not mean it is safe. Find out its product name and version.
resource-findings = Vulnerabilities of this device
resource-all-findings = All vulnerabilities of this device
resource-software = Software
resource-no-software = No software is recorded.
resource-layer = Layer
resource-taken-for = Taken for
resource-facts = What the ledger says
resource-fact = Field
resource-grade = Grade
resource-place = Place
resource-seen = Date
who-maintains = Maintained by { $vendor }
who-contact = Emergency contact: { $contact }
who-contract = Contract: { $number } { $title }
who-clause = Clause on updates and reports: { $clause }
who-no-clause = update clause unknown
who-no-contract = contract unknown
who-nobody-how = Ask the seller or the department who maintains it.
connections = Connections
connection = connected device
connected-to = Plugged into:
connections-unknown = connections unknown
services-need = Services that need it
services-unknown = No service is recorded as using it.
see-on-diagram = See it on the diagram

# findings
findings-title = { $affected } affected, { $questions ->
    [one] { $questions } question
   *[other] { $questions } questions
}
findings-unknown = No product was found for { $count ->
    [one] { $count } device
   *[other] { $count } devices
}. Their vulnerabilities are not in this list.
findings-unknown-see = See them
findings-none = No vulnerability matched
findings-none-how = Devices without a known product could not be judged. Check the age of the data and the unknown devices too.
findings-none-filtered = Nothing matches
findings-none-filtered-how = Remove a filter or try other words.
chip-questions = Questions
sort-urgency = Most urgent first
sort-device = By device
sort-vulnerability = By identifier
sort-new = Newest first
finding-column-what = What
finding-column-state = State
finding-column-device = Device
finding-column-since = Since
finding-question-title = Find out: { $fact } (decides { $count })
finding-question-short = An answer decides { $count }
finding-and-more = and { $count } more
finding-title = { $device }: { $title }
finding-title-plain = { $device } is affected by { $id }
finding-title-question = { $device }: to decide, find out: { $fact }
finding-here = What the problem is
finding-stops = Services that may stop:
finding-no-text = No source gives a description.
finding-foreign-text = No source gives this text in English. It is shown as the source wrote it.
finding-why = Why “{ $verdict }”
finding-reason-unreadable = The stored reason cannot be read. It will be shown after the next matching.
finding-catalogue = Catalogue used for matching: { $id }
finding-undecided = Vulnerabilities the answer decides ({ $count })
finding-undecided-first = The { $shown } shown are the exploited ones and those with the highest CVSS.
finding-remedy = Remedy
finding-sources = Sources
finding-source = Source
finding-document = Document
finding-modified = Modified
finding-links = References ({ $count })
finding-links-note = Written as in the sources. Make sure they are safe before opening them.
finding-to-device = See the device
finding-phone = What to say on the phone
finding-phone-affected = “{ $device } ({ $what }) seems to be affected by { $id }. Please tell us when it will be fixed and what we can do until then.”
finding-phone-question = “Please tell us about { $what } on { $device }: { $fact }.”
finding-exploited = Known exploitation
finding-exploited-since = On CISA's list since { $date }.
finding-ransomware = Used by ransomware.
finding-first-seen = { $date } found by matching.
decide-find-vendor = First decide who updates it
decide-ask-fact = Ask { $vendor } about { $what }: { $fact }
decide-ask-update = Ask { $vendor } about updating { $what }
decide-by-clause = Contract clause: { $clause }
decide-no-clause = The ledger names no contract clause for updates. Check the contract.

# reasons
reason-version-inside = { $product }: version { $have } is inside the affected range ({ $range }) — { $source }
reason-product-range = { $product }: inside the affected range ({ $range }) — { $source }
reason-taken-for = “{ $text }” in the ledger is taken for { $product } — { $by } { $score }%
reason-version-from = Version { $version } stands in { $place } ({ $grade }, { $date })
reason-product = { $product }: every version is affected — { $source }
reason-undecided = { $product }: cannot decide whether { $have } is inside the affected range ({ $range }). Missing: { $missing } — { $source }
reason-missing = { $product }: the affected range is { $range }. Missing: { $missing } — { $source }
reason-open = { $product }: cannot be decided ({ $range }) — { $source }
reason-platform = Platform — { $text }
reason-all-versions = every version
reason-from = from { $version }
reason-to = up to { $version }
reason-above = after { $version }
reason-below = before { $version }
reason-exploited = Known to be exploited (since { $date }) — CISA KEV
reason-advisory = { $publisher } reports it too: { $document } { $title }
reason-fixed = Against it: fixed in { $product } — { $source }
reason-not-affected = Against it: { $product } is not affected — { $source }
reason-nothing-against = Against it: nothing
reason-more = { $count } more lines

# diagram
diagram-page-title = System diagram
diagram-search = Find a device
diagram-find = Find
diagram-zoom-in = Zoom in
diagram-zoom-out = Zoom out
diagram-fit = Show all
diagram-none = Not found
diagram-some = {"{i}"} of {"{n}"}
diagram-keys = System diagram. Arrow keys move, + and - zoom, 0 shows all
diagram-note = Drawn from the ledger. Equal clients are grouped.

# imports
imports-title = Import the files you have
imports-earlier = Earlier imports
import-button-start = Import files
import-step-upload = Choose files
import-step-check = Check
import-step-confirm = Write to the ledger
import-files = Files to import
import-files-hint = Ledgers (Excel, CSV), delivery lists, address lists, nmap results, SBOMs. Several at once, { $megabytes } MB in all.
import-uploading = Uploading…
import-button-upload = Read and check
import-nothing-written = Nothing is written to the ledger yet.
import-no-files = no files
import-column-files = Files
import-column-state = State
import-column-by = By
import-column-when = When
import-state-uploaded = reading
import-state-previewed = waiting for you
import-state-confirmed = written
import-state-failed = failed
import-state-dropped = dropped
import-title-reading = Reading the files
import-title-previewed = Check before anything is written
import-title-confirmed = Written to the ledger
import-title-failed = The import failed
import-title-dropped = This import was dropped
import-reading = Progress
import-may-leave = You may leave this page; the work goes on.
import-look-again = Look again
import-failed-how = The ledger was not changed. Mend the file and import it again.
import-created = New
import-changed = Changed
import-left = Unchanged
import-doubts = Doubtful (kept as two)
import-checks = To check
import-checks-how = After the import you can answer them one by one under “To check”; each comes with a recommended answer.
import-more-checks = { $count } more.
import-removed = Removed
import-others = Zones, lines, contracts …
import-problems = Problems
import-of-errors = { $count } of them must be mended
import-writing = Writing…
import-button-confirm = Write { $count ->
    [one] { $count } row
   *[other] { $count } rows
} to the ledger
import-errors-first = Some problems must be mended first. See the list below.
import-button-drop = Do not import
import-more-problems = { $count } more problems.
import-more-changes = { $count } more changes.
import-understood = How the files were understood
import-sheet = Sheet “{ $sheet }”
import-left-out = left out
import-rows-are = One row is
import-header-row = Header row
import-column = Column
import-heading = Heading
import-meaning = Meaning
import-meaning-of = Meaning of column { $column }
import-sure = Certainty
import-samples = Samples
import-not-used = not used
import-button-remap = Check again with these meanings
import-changes = What changes
import-change-name = Name
import-change-action = Action
import-change-fields = Values

# settings, catalogue, search
tokens-title = API tokens
tokens-note = Personal keys for programs. They see exactly what you see.
tokens-none = There are no tokens yet.
token-created = The token is shown only once. Write it down now.
token-name = Name
token-made = Created
token-used = Last used
token-ends = Ends
token-action = Action
token-never = never
token-revoked = revoked
token-revoke = Revoke
token-new-name = Name of a new token
token-create = Create a token
members-title = People
member-name = Name
member-roles = Roles
member-disabled = disabled
catalogue-title = Age of the vulnerability data
catalogue-none-how = Until a catalogue file is installed, nothing can be said about vulnerabilities. Tell the administrator.
catalogue-records = Records
catalogue-newest = Newest
catalogue-empty = no data
catalogue-old = { $days } days old
catalogue-no-date = no date
catalogue-fresh = { $days ->
    [one] { $days } day old
   *[other] { $days } days old
}
catalogue-built = Built: { $at }
catalogue-note = With an old source, later vulnerabilities stay unseen.
search-title = Search
search-found = “{ $words }”: { $count } found
search-none = Nothing was found
search-none-how = Search by device, product, IP address or CVE number. Try a shorter word.
search-all = See all

# values of the domain
role-management = management
role-safety-manager = safety manager
role-planner = planner
role-operator = operator
role-vendor-staff = vendor staff
verdict-affected = affected
verdict-possibly = possibly affected
missing-version = the version
missing-windows-build = the Windows build or its updates
missing-version-order = how the version is ordered
missing-platform = whether the other product is there
severity-error = error
severity-warning = warning
table-resources = devices
table-components = software
table-zones = zones
table-lines = lines
table-contracts = contracts
table-services = services
choice-source = stated by the source
choice-name = by name
choice-person = chosen by a person
grade-declared = declared
grade-observed = observed
grade-confirmed-by-vendor = confirmed by the vendor
grade-confirmed-by-hospital = confirmed by the hospital
layer-firmware = firmware
layer-os = operating system
layer-middleware = middleware
layer-application = application
purchase-bought = bought
purchase-lease = lease
purchase-rental = rental
purchase-service = service
kind-server = server
kind-client = client PC
kind-network = network device
kind-medical-device = medical device
kind-other = other device
kind-facility = Facility
kind-cloud = Cloud, SaaS
kind-visitor = Brought-in equipment
kind-unknown = kind unknown
state-planned = Planned
state-in-use = In use
state-spare = Spare
state-repair = In repair
state-retired = Retired
criticality-high = High
criticality-middle = Middle
criticality-low = Low
zone-kind-outside = outside
zone-kind-boundary = boundary
zone-kind-servers = server room
zone-kind-department = department
zone-kind-care = wards and clinics
zone-kind-unknown = zone unknown
field-asset-number = Asset number
field-name = Name
field-kind = Kind
field-maker = Maker
field-product = Product or model
field-version = Version
field-os = Operating system
field-software = Software
field-serial = Serial number
field-address = IP address
field-mac = MAC address
field-hostname = Host name
field-zone = Zone
field-location = Location
field-department = Department
field-vendor = Vendor
field-contract-number = Contract number
field-purchase = Form of purchase
field-starts-on = Start date
field-ends-on = End date
field-uplink = Plugged into
field-note = Note
field-quantity = Quantity
field-cpe = CPE
field-purl = purl
field-range = Address range
field-from = From
field-to = To
field-purpose = Purpose
field-protocol = Protocol
field-always-on = Always connected
field-source-limited = Source limited
field-remote-maintenance = Remote maintenance
field-title = Contract title
field-vendor-field = Field of work
field-contact = Emergency contact
field-update-clause = Clause on updates
field-needs = Needs
field-hours = Hours
field-resource-id = Resource ID
field-owner = Owner
field-criticality = Criticality
field-state = State
field-installed-by = Installed by
field-firmware-updated-by = Updated by (hardware, firmware)
field-firmware-clause = Clause (hardware, firmware)
field-os-updated-by = Updated by (OS)
field-os-clause = Clause (OS)
field-middleware-updated-by = Updated by (middleware)
field-middleware-clause = Clause (middleware)
field-application-updated-by = Updated by (application)
field-application-clause = Clause (application)
field-end-of-life = End of life (EOL)
field-stocktaken-on = Last stocktake
field-medical = Medical device
field-marketing-holder = Marketing authorisation holder
field-seller = Seller
field-lessor = Lessor
field-repairer = Repairer
field-kb = Installed updates (KB)
field-port = Switch port
field-seen-on = Last seen
field-circuit = Circuit number
field-via = Via device
field-sources = Allowed sources
field-billed-on = Billed month
field-custom = Own column
matching-pending = The matching has not finished yet. Rows may be missing. Wait a moment and open the page again.
