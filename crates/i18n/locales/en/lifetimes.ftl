nav-lifetimes = End of support
lifetimes-title = End of support
lifetimes-heading = End of support: { $ended } over, { $soon } within 12 months, { $unknown } unknown
lifetimes-note = EOL is the end of full support, EOS the day all support ends. Between the two, support is limited. After EOS the risk is the hospital's.
lifetimes-no-records = No records of endoflife.date are loaded. Only the days in the ledger are looked at; what has none is unknown, which does not mean that it goes on. Give files of records to catalogue build.
lifetimes-records = From { $count } products of endoflife.date (up to { $day }) and from what the ledger and vendors state. Statements stand before the records.
lifetimes-none = Nothing fits the filter
lifetimes-none-how = Change the filter.
lifetimes-empty = There are no devices in the ledger
lifetimes-empty-how = Once a ledger is imported, ends of support are listed here.
lifetimes-of-device = End of support
lifetimes-all = See the list of ends of support

life-class-ended = Over
life-class-within-12 = Within 12 months
life-class-within-24 = Within 24 months
life-class-unknown = Unknown
life-class-limited = Limited support
life-class-later = In more than 24 months
life-class-no-end = No end announced

life-what = What
life-own = The device itself
life-eol = EOL (full support)
life-eos = EOS (all support)
life-extended = Paid extension
life-days = Days left
life-source = Source of the day
life-record = Record of endoflife.date
life-updater = Who updates
life-agreed = Agreed where
life-more = and { $count } more
life-span = { $from } to { $to }
life-not-announced = none announced
life-ended-some-day = over (day not known)
life-days-left = { $days ->
    [one] 1 day left
   *[other] { $days } days left
}
life-days-over = over for { $days ->
    [one] 1 day
   *[other] { $days } days
}
life-last-day = last day
life-limited-now = Limited support
life-extended-until = Paid extension: until { $end }. Check whether there is a contract.
life-maintainer = Maintained by { $vendor }
life-from-record = endoflife.date: { $product } { $cycle }
life-record-says = EOS of { $product } { $cycle }: { $end }
life-contradicted = More than a month apart from the record. Ask the vendor.

life-why-not-stated = Neither the ledger nor a vendor nor a public record says. Ask the vendor for EOL and EOS and enter them.
life-why-silent = The public record names no end. Ask the vendor.
life-why-editions = Editions or service packs end on different days. Enter which one it is as its version.
life-why-no-records = No public records are loaded.
life-why-no-product = The product is not known. Correct its name in the ledger, or choose one of the candidates.
life-why-distribution = Packages that come with the operating system; its support counts for them.
life-why-not-listed = No public record is about this product. Ask the vendor.
life-why-no-version = The version is not known. Enter it in the ledger.
life-why-too-short = The version is too short to tell the release. Enter it more exactly.
life-why-no-cycle = No public record is about this version. Ask the vendor.
