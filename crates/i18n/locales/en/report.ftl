# Papers (PDF) and pictures (PNG): why one could not be made, and what to do.

report-no-fonts = This program was built without the fonts for PDF and pictures. Ask whoever built it to run “cargo xtask assets” and build it again.
report-picture = The diagram cannot be read, so no PDF or picture was made ({ $detail }). Try again; if it stays so, pass this sentence on to your administrator.
report-too-many-pixels = The picture is too large ({ $width } × { $height } pixels, at most { $limit } million). Choose a smaller width, or save it as PDF or SVG.
report-too-long = This is too much for one document ({ $rows } rows, { $bytes } bytes of text; at most { $max_rows } rows and { $max_bytes } bytes). Narrow it down by zone or department and make several.
report-setting = The document could not be made ({ $detail }). This is a mistake in the program. Pass this sentence on to your administrator.
