# How completely the ledger is filled in
measure-version = Version of product or firmware
measure-contract = Contract
measure-location = Location
measure-updater-firmware = Who updates it (hardware, firmware)
measure-updater-os = Who updates it (OS)
measure-updater-middleware = Who updates it (middleware)
measure-updater-application = Who updates it (application)
measure-product = Product written down
measure-linked = Product found in the catalogue
measure-os-version = Version of the OS
measure-zone = Zone
measure-department = Department
measure-owner = Owner
measure-serial = Serial number
measure-support-end = End of support

chip-missing = Unknown: { $what }
ledger-to-completeness = How complete it is
home-completeness = See how complete the ledger is
completeness-title = How complete the ledger is
completeness-lead = { $retired ->
    [0] { $count } devices. What is known least comes first.
   *[other] { $count } devices. What is known least comes first. { $retired } disposed or returned devices are left out.
  }
completeness-none = There are no devices to count.
completeness-what = Fact
completeness-known = Known
completeness-unknown = Not known
completeness-share = { $known } of { $applies } devices ({ $percent }%)
completeness-no-device = Applies to no device
completeness-see = See { $count }
completeness-all-known = None
completeness-rule = How it is counted
completeness-rule-counts = Disposed and returned devices do not count. Devices only found on the network do.
completeness-rule-applies = Where a fact does not fit the kind of device, it counts only when it is known: the version of a room, the place of a cloud service. To a device of unknown kind everything applies.
completeness-rule-linked = “Product written down” asks whether the ledger names a product. “Product found in the catalogue” asks whether its product, OS or any software was matched with a product of the vulnerability information. Of other devices no vulnerability can be known.
completeness-rule-version = For servers and client PCs the version of the OS counts in place of the device’s.
completeness-rule-updater = Who updates is counted for the layers a kind always has, and for those on which an OS or software is known.
completeness-rule-percent = Percentages are rounded down. While one device is not known, it is never 100%.
